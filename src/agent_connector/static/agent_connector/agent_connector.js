// Copy buttons, the client configuration as tabs, what spans of seconds mean, finding a box, slow forms, actions on a list. Pages work without this file.
"use strict";
{
  const RESTORE_AFTER_MS = 2000;

  function select(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.aacCopy);
    const label = button.textContent;
    let said = button.dataset.copied;
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      // No clipboard outside https: leave the text selected instead.
      select(source);
      said = button.dataset.select;
    }
    button.textContent = said;
    button.disabled = true;
    setTimeout(() => {
      button.textContent = label;
      button.disabled = false;
    }, RESTORE_AFTER_MS);
  }

  function prepareCopy(button) {
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", () => copy(button));
  }

  function neighbour(tabs, current, key) {
    const forward = getComputedStyle(tabs[0]).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    const at = tabs.indexOf(current);
    switch (key) {
      case forward:
        return tabs[(at + 1) % tabs.length];
      case backward:
        return tabs[(at - 1 + tabs.length) % tabs.length];
      case "Home":
        return tabs[0];
      case "End":
        return tabs[tabs.length - 1];
      default:
        return null;
    }
  }

  function prepareTabs(box) {
    const guides = [...box.querySelectorAll(":scope > details")];
    const list = document.createElement("div");
    list.className = "aac-tablist";
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", box.dataset.label);

    const tabs = guides.map((guide) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.className = "aac-tab";
      tab.id = `${guide.id}-tab`;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", `${guide.id}-panel`);
      tab.textContent = guide.querySelector("summary").textContent;
      list.append(tab);

      const panel = guide.querySelector(".aac-guide-body");
      panel.id = `${guide.id}-panel`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      guide.open = true;
      return tab;
    });

    function show(chosen) {
      tabs.forEach((tab, at) => {
        const isChosen = tab === chosen;
        tab.setAttribute("aria-selected", String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        guides[at].hidden = !isChosen;
      });
    }

    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) {
        show(tab);
      }
    });
    list.addEventListener("keydown", (event) => {
      const next = neighbour(tabs, event.target, event.key);
      if (next) {
        event.preventDefault();
        show(next);
        next.focus();
      }
    });
    box.prepend(list);
    box.classList.add("is-tabbed");
    show(tabs[0]);
  }

  // What a number of seconds means, in the words of the page's language.
  const SPANS = { day: 86400, hour: 3600, minute: 60, second: 1 };

  function spanText(seconds) {
    const language = document.documentElement.lang || undefined;
    let rest = seconds;
    const parts = [];
    for (const [unit, size] of Object.entries(SPANS)) {
      const count = Math.floor(rest / size);
      rest %= size;
      if (count) {
        const form = { style: "unit", unit, unitDisplay: "long", useGrouping: false };
        parts.push(new Intl.NumberFormat(language, form).format(count));
      }
    }
    return parts.join(" ");
  }

  function prepareSpan(output) {
    const input = document.getElementById(output.htmlFor.value);
    input.addEventListener("input", () => {
      const isTold = /^[0-9]{1,9}$/.test(input.value) && Number(input.value) >= SPANS.minute;
      output.textContent = isTold ? `= ${spanText(Number(input.value))}` : "";
    });
  }

  // Hide the boxes whose words do not hold what is typed; the ticked ones stay in sight.
  function prepareFind(input) {
    const boxes = document.getElementById(input.dataset.aacFind).querySelectorAll("label");
    const none = document.createElement("p");
    none.className = "aac-help aac-find-none";
    none.setAttribute("role", "status");
    input.after(none);
    input.hidden = false;
    input.addEventListener("input", () => {
      const words = input.value.trim().toLowerCase();
      let hits = 0;
      for (const box of boxes) {
        const isTicked = box.querySelector("input").checked;
        const isHit = box.textContent.toLowerCase().includes(words);
        box.hidden = !isTicked && !isHit;
        hits += Number(isHit);
      }
      none.textContent = hits ? "" : input.dataset.none;
    });
    // Enter would send the whole form.
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
      }
    });
  }

  // A form whose answer takes its time says so, and is sent once.
  function prepareSlow(form) {
    const buttons = [...form.elements].filter((element) => element.type === "submit");
    const note = form.querySelector("[data-aac-running]");
    function show(isRunning) {
      for (const button of buttons) {
        button.disabled = isRunning;
      }
      note.hidden = !isRunning;
      // Whoever pressed the button at the top is shown what is going on, too.
      if (isRunning) {
        note.scrollIntoView({ block: "nearest" });
      }
    }
    form.addEventListener("submit", () => show(true));
    window.addEventListener("pageshow", () => show(false));
  }

  // On phones the box that selects all rows stands alone: its name is shown beside it.
  function nameSelectAll(toggle) {
    const name = toggle?.ariaLabel;
    if (name) {
      const label = document.createElement("label");
      label.className = "aac-select-all";
      label.htmlFor = toggle.id;
      label.textContent = name;
      toggle.after(label);
    }
  }

  // To submit no action would only lose what was selected: the list asks for one instead.
  function prepareActions(form) {
    nameSelectAll(form.querySelector("#action-toggle"));
    form.addEventListener("submit", (event) => {
      const action = form.elements.action;
      if (event.submitter?.name === "index" && action && !action.value) {
        event.preventDefault();
        action.reportValidity();
      }
    });
  }

  // Reloading a page that answers a form asks for it anew instead of sending the form.
  if (document.querySelector("[data-aac-once]")) {
    history.replaceState(null, "", window.location.href);
  }
  document.querySelectorAll(".aac-grid #changelist-form").forEach(prepareActions);
  document.querySelectorAll("[data-aac-copy]").forEach(prepareCopy);
  document.querySelectorAll("[data-aac-find]").forEach(prepareFind);
  document.querySelectorAll("[data-aac-tabs]").forEach(prepareTabs);
  document.querySelectorAll("[data-aac-slow]").forEach(prepareSlow);
  document.querySelectorAll("[data-aac-span]").forEach(prepareSpan);
}
