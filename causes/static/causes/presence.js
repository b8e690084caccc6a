// Says every 25 seconds that the page is still open here, and shows who else has it open.
const line = document.querySelector("#presence")
const form = document.querySelector(".page-form form")

async function tell() {
  if (document.hidden) return
  const data = new FormData()
  data.set("csrfmiddlewaretoken", document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value)
  try {
    const answer = await fetch(line.dataset.address, { method: "POST", body: data, redirect: "manual" })
    const { others } = answer.ok ? await answer.json() : { others: "" }
    if (line.textContent !== others) line.textContent = others // said aloud only when it changes
  } catch { /* not reachable: saving will say so */ }
}

if (line && form) {
  setInterval(tell, 25_000)
  document.addEventListener("visibilitychange", tell)
}
