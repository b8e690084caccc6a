// Suggestions while typing in a search box: an editable combobox with a list (ARIA Authoring
// Practices). Without it, or if anything fails, the form works as it is.

const WAIT = 150; // milliseconds after the last key
const FEWEST_LETTERS = 2;
// A condition may have the title of its group; what is not a condition says what it is.
const KINDS = { symptom: "symptom", category: "group of causes" };

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
    status.textContent = "";
    input.setAttribute("aria-expanded", open);
    choose(-1);
  }

  // No answer to what was typed before may come any more.
  function forget() {
    clearTimeout(timer);
    request?.abort();
  }

  function stop() {
    forget();
    show(false);
  }

  function offer(suggestions) {
    list.replaceChildren(...suggestions.map(({ name, title, path, kind }, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.dataset.path = path;
      option.textContent = title;
      const more = document.createElement("span");
      if (name && name !== title) more.append(`, also called ${name}`);
      if (kind in KINDS) more.append(` (${KINDS[kind]})`);
      option.append(more);
      return option;
    }));
    const count = suggestions.length;
    show(count > 0);
    status.textContent = count ? `${count} suggestion${count > 1 ? "s" : ""}` : "No suggestions";
  }

  async function ask(words) {
    request = new AbortController();
    const { signal } = request;
    try {
      if (!answers.has(words)) {
        const address = new URL("suggest/", form.action);
        address.searchParams.set("q", words);
        const answer = await fetch(address, { signal });
        if (!answer.ok) throw answer;
        answers.set(words, (await answer.json()).results);
      }
      if (!signal.aborted) offer(answers.get(words));
    } catch {
      if (!signal.aborted) show(false);
    }
  }

  input.addEventListener("input", () => {
    forget();
    choose(-1); // Enter searches for what is typed, whatever was chosen before
    const words = typed();
    if (words.length < FEWEST_LETTERS) stop();
    else timer = setTimeout(ask, WAIT, words);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to an input method
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      if (list.hidden && answers.has(typed())) offer(answers.get(typed()));
      if (list.hidden) return;
      event.preventDefault();
      // The box itself stands between the last option and the first.
      const stops = list.children.length + 1;
      choose((active + 1 + move + stops) % stops - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(list.children[active].dataset.path);
    } else if (event.key === "Escape") {
      if (!list.hidden) event.preventDefault();
      stop();
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      choose(-1); // they move the caret
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
