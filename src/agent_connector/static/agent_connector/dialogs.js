// Links with data-aac-dialog open in a dialog what their page would show. Each is a
// real link: without this file, and whenever anything goes wrong, the page itself opens.
"use strict";
{
  const HEADER = "X-AAC-Fragment";
  const LOCATION = "X-AAC-Location";
  const RETURN_KEY = "aac-return";
  const SAY_AFTER_MS = 300;
  const FOCUSABLE = "a[href], button:not([disabled])";
  const TAKES_AWAY = ".is-danger, .is-danger-quiet";

  const closeLabel = document.currentScript.dataset.close;
  const opened = [];
  let isBusy = false;

  class NoFragment extends Error {}

  const addressOf = (url) => {
    const { pathname, search } = new URL(url, window.location.href);
    return pathname + search;
  };
  const here = () => addressOf(window.location.href);

  async function ask(url, options = {}) {
    const answer = await fetch(url, { ...options, headers: { [HEADER]: "1" } });
    if (answer.headers.get(HEADER) !== "1" || !answer.ok) {
      throw new NoFragment(); // signed out, refused, gone or broken
    }
    return answer;
  }

  // One thing at a time; where it fails, the page is opened instead.
  async function attempt(url, act) {
    if (isBusy) {
      return;
    }
    isBusy = true;
    document.documentElement.classList.add("aac-is-busy");
    try {
      await act();
    } catch {
      window.location.assign(url);
    } finally {
      isBusy = false;
      document.documentElement.classList.remove("aac-is-busy");
    }
  }

  // Where the focus was ----------------------------------------------------------

  // How to find it again once the page has been made anew: the element itself, or
  // whatever is first in the row or card that it stood in. Where only a neighbour is
  // left, it is none that takes something away: Enter may be on its way already.
  function placeOf(element) {
    const invoker = element.closest("[popover]")?.id ?? element.getAttribute("popovertarget");
    const boxed = element.closest("[aria-labelledby]")?.getAttribute("aria-labelledby");
    return { menu: invoker ?? "", path: new URL(element.href ?? "", window.location.href).pathname, box: boxed ?? "" };
  }

  function find(place) {
    const all = [...document.querySelectorAll(FOCUSABLE)].filter((one) => !one.closest("dialog, [popover]"));
    const first = place.box && all.find((one) => one.closest(`[aria-labelledby="${CSS.escape(place.box)}"]`));
    return (
      all.find((one) => place.menu && one.getAttribute("popovertarget") === place.menu) ??
      all.find((one) => one.href && one.pathname === place.path) ??
      (first?.matches(TAKES_AWAY) ? null : first)
    );
  }

  function visit(url, place) {
    try {
      sessionStorage.setItem(RETURN_KEY, JSON.stringify({ ...place, page: addressOf(url) }));
    } catch {
      // Without storage the focus starts at the top, as on any page.
    }
    if (addressOf(url) === here()) {
      window.location.reload();
    } else {
      window.location.assign(url);
    }
  }

  // A new page is silent about the message on it, so say it where it is heard.
  function say(list) {
    const text = [...list.children].map((one) => one.textContent.trim());
    const status = document.createElement("p");
    status.className = "aac-visually-hidden";
    status.setAttribute("role", "status");
    document.querySelector("main, #content, body").append(status);
    setTimeout(() => (status.textContent = text.join(" ")), SAY_AFTER_MS);
  }

  // The browser scrolls a page that is made anew to where it was: so do the messages.
  function comeBack() {
    let place = null;
    try {
      place = JSON.parse(sessionStorage.getItem(RETURN_KEY));
      sessionStorage.removeItem(RETURN_KEY);
    } catch {
      return;
    }
    if (place?.page !== here()) {
      return;
    }
    const list = document.querySelector(".messagelist");
    const goal = find(place) ?? list ?? document.querySelector("h1");
    list?.classList.add("aac-messages");
    if (goal && !goal.matches(FOCUSABLE)) {
      goal.tabIndex = -1;
    }
    goal?.focus({ focusVisible: true, preventScroll: goal === list });
    if (list && goal !== list) {
      say(list);
    }
  }

  // Dialogs ----------------------------------------------------------------------

  function closeButton(dialog) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "aac-dialog-close";
    button.setAttribute("aria-label", closeLabel);
    button.addEventListener("click", () => dialog.close());
    return button;
  }

  function fill(step, text) {
    const body = new DOMParser().parseFromString(text, "text/html").body.firstElementChild;
    const title = body.querySelector(".aac-dialog-title");
    title.id = `aac-dialog-title-${opened.indexOf(step)}`;
    step.dialog.setAttribute("aria-labelledby", title.id);
    step.dialog.replaceChildren(body, closeButton(step.dialog));
    // What only shows something may be left by a click beside it.
    step.dialog.setAttribute("closedby", body.querySelector("form") ? "closerequest" : "any");
  }

  function focusIn(dialog) {
    const field = "input:not([type=hidden], [hidden]), select";
    const first =
      dialog.querySelector("[aria-invalid=true]") ??
      dialog.querySelector(field) ??
      dialog.querySelector(".aac-dialog-title");
    first.focus();
    dialog.scrollTop = 0;
  }

  async function load(step, url) {
    const answer = await ask(url);
    step.url = url;
    fill(step, await answer.text());
  }

  async function open(link) {
    const dialog = document.createElement("dialog");
    dialog.className = "aac-dialog";
    const step = { dialog, url: link.href, place: placeOf(link), isChanged: false };
    opened.push(step);
    try {
      await load(step, link.href);
    } catch (error) {
      opened.pop();
      throw error;
    }
    link.closest("[popover]")?.hidePopover(); // its button has the focus now, and gets it back
    dialog.addEventListener("close", () => leave(step));
    document.body.append(dialog);
    dialog.showModal();
    focusIn(dialog);
  }

  function leave(step) {
    step.dialog.remove();
    const at = opened.indexOf(step);
    if (at >= 0) {
      opened.splice(at, 1);
    }
    if (step.isChanged) {
      visit(window.location.href, step.place);
    }
  }

  async function send(step, form, button) {
    const body = new URLSearchParams(new FormData(form, button));
    const url = form.getAttribute("action") ?? step.url;
    const answer = await ask(url, { method: "POST", body });
    if (answer.status === 204) {
      await done(step, answer.headers.get(LOCATION));
    } else {
      fill(step, await answer.text());
      focusIn(step.dialog);
    }
  }

  // Back to the dialog below if that is where it leads, else on to the page.
  async function done(step, location) {
    const below = opened[opened.indexOf(step) - 1];
    if (below && addressOf(location) === addressOf(below.url)) {
      below.isChanged = true;
      await load(below, below.url);
      step.dialog.close();
      focusIn(below.dialog);
      return;
    }
    visit(location, opened[0].place);
  }

  // Events -----------------------------------------------------------------------

  const isPlain = (event) =>
    event.button === 0 && !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-aac-dialog], .aac-dialog a:is([data-aac-back], [data-aac-page])");
    if (!link || event.defaultPrevented || !isPlain(event)) {
      return;
    }
    event.preventDefault();
    const step = opened.at(-1);
    if ("aacBack" in link.dataset) {
      step.dialog.close();
    } else if ("aacPage" in link.dataset) {
      attempt(link.href, async () => {
        await load(step, link.href);
        focusIn(step.dialog);
      });
    } else {
      attempt(link.href, () => open(link));
    }
  });

  document.addEventListener("submit", (event) => {
    const step = opened.find(({ dialog }) => dialog.contains(event.target));
    if (step) {
      event.preventDefault();
      attempt(step.url, () => send(step, event.target, event.submitter));
    }
  });

  comeBack();
}
