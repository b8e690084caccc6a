// Lets a button ask the browser for a passkey, by allauth's functions; says it where that fails.
const { function: name, button, credential, options, passwordless } = document.querySelector("#passkeys").dataset
const trouble = document.querySelector("#passkey-trouble")

function say(words) {
  trouble.textContent = words
  trouble.hidden = false
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault()
  const { exception } = event.detail
  if (exception.name === "InvalidStateError") say("This device has a passkey for your account already.")
  else if (exception.name === "SecurityError") say("Passkeys do not work at this address. Open the site at its own name, by https.")
  else say("No passkey was used: it was cancelled, it took too long, or this device has none for this site.")
})

if (window.PublicKeyCredential) {
  const ids = { add: button, authenticate: button, login: button, credential }
  if (options) ids.data = options
  if (passwordless) ids.passwordless = passwordless
  window.allauth.webauthn.forms[name]({ ids })
  document.querySelector(`#${button}`).closest("form").hidden = false
  document.querySelector(`#${button}`).hidden = false
} else if (name === "addForm") {
  say("This browser knows no passkeys, or the site is not open by https.")
}
