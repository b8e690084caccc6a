// Suggestions while typing in a search box: an editable combobox with a list (ARIA Authoring
// Practices). Without it, or if anything fails, the form works as it is.

const WAIT = 150; // milliseconds after the last key

function enhance(form) {
  const input = form.querySelector("input[name=q]");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  const answers = new Map();
  let timer, request, active = -1;

  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  input.type = "text"; // a search field may not become a combobox
  input.enterKeyHint = "search";
  input.autocomplete = "off";
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
  })) input.setAttribute(name, value);
  form.append(list, status);

  const typed = () => input.value.trim();

  function choose(number) {
    active = number;
    [...list.children].forEach((option, n) => option.setAttribute("aria-selected", n === number));
    const option = list.children[number];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", open);
    choose(-1);
  }

  function stop() {
    clearTimeout(timer);
    request?.abort();
    show(false);
  }

  function offer(suggestions) {
    list.replaceChildren(...suggestions.map(({ name, title, path }, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.dataset.path = path;
      option.textContent = title;
      if (name && name !== title) {
        const other = document.createElement("span");
        other.textContent = `, also called ${name}`;
        option.append(other);
      }
      return option;
    }));
    show(suggestions.length > 0);
    const count = suggestions.length;
    status.textContent = count ? `${count} suggestion${count > 1 ? "s" : ""}` : "No suggestions";
  }

  async function ask(words) {
    request?.abort();
    request = new AbortController();
    try {
      if (!answers.has(words)) {
        const address = new URL("suggest/", form.action);
        address.searchParams.set("q", words);
        const answer = await fetch(address, { signal: request.signal });
        if (!answer.ok) throw answer;
        answers.set(words, (await answer.json()).results);
      }
      if (words === typed() && document.activeElement === input) offer(answers.get(words));
    } catch {
      if (words === typed()) show(false);
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const words = typed();
    if (words.length < 2) {
      stop();
      status.textContent = "";
    } else {
      timer = setTimeout(ask, WAIT, words);
    }
  });

  input.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.isComposing || list.hidden && !(event.key.startsWith("Arrow") && count)) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      const from = active;
      if (list.hidden) show(true);
      // The box itself stands between the last option and the first.
      choose((from + 1 + move + count + 1) % (count + 1) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(list.children[active].dataset.path);
    } else if (event.key === "Escape") {
      event.preventDefault();
      stop();
    } else if (event.key === "Home" || event.key === "End") {
      choose(-1);
    }
  });

  input.addEventListener("blur", stop);
  form.addEventListener("submit", stop);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.path);
  });
}

document.querySelectorAll("form[role=search]").forEach(enhance);
