// Sends the page's form itself. An answer that is an error, or none, leaves the text on the screen.
const form = document.querySelector(".page-form form")
const said = document.querySelector("#not-saved")
const buttons = document.querySelectorAll(".submit-row [type=submit]")
const PATIENCE = 60_000
let sending = false

function say(words, link) {
  said.textContent = words && `Not saved: ${words} Your text is still here, and kept in this browser. `
  if (link) said.append(Object.assign(document.createElement("a"), link))
  said.hidden = !words
}

function trouble(answer) {
  if (answer.type === "opaqueredirect") {
    return ["you are no longer signed in.", {
      href: form.closest(".page-form").dataset.signIn, target: "_blank", textContent: "Sign in in a new tab, then save here again",
    }]
  }
  if (answer.status === 413) return ["that is more than the site takes at once. Shorten the longest text, save, and add the rest after that."]
  if (answer.status === 403) return ["you may not, or you signed in anew meanwhile. Save again to try once more."]
  return [`the site answered with an error (${answer.status}). Save again in a minute.`]
}

async function send(button) {
  const data = new FormData(form, button)
  // Who signs in again in another tab gets a new token.
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1]
  if (token) data.set("csrfmiddlewaretoken", token)
  const answer = await fetch(location.href, {
    method: "POST", body: data, redirect: "manual",
    headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE),
  })
  if (answer.type === "opaqueredirect" || !answer.ok) return say(...trouble(answer))
  if (answer.headers.get("Content-Type").startsWith("application/json")) {
    const { location: next } = await answer.json()
    form.dispatchEvent(new Event("page:leaving"))
    form.dispatchEvent(new Event("page:saved"))
    return location.assign(next)
  }
  // The form has errors: Django shows them beside the fields.
  form.dispatchEvent(new Event("page:leaving"))
  const pressed = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: "1" })
  if (token) form.elements.csrfmiddlewaretoken.value = token
  form.append(pressed)
  form.submit()
}

form?.addEventListener("submit", async (event) => {
  const button = event.submitter ?? buttons[0]
  if (button.hasAttribute("formaction") || form.elements._popup) return
  event.preventDefault()
  if (sending) return
  sending = true
  say("")
  form.setAttribute("aria-busy", "true")
  try {
    await send(button)
  } catch {
    say("the site does not answer. Save again in a minute.")
  } finally {
    sending = false
    form.removeAttribute("aria-busy")
  }
})
