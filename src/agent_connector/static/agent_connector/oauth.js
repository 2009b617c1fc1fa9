/* A form marked data-once is sent once: a double click must not spend its ticket twice. */
"use strict";
{
  for (const form of document.querySelectorAll("form[data-once]")) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) {
        event.preventDefault();
      }
      sent = true;
    });
    window.addEventListener("pageshow", () => {
      sent = false;
    });
  }
}

/* A policy that the host or its proxy put on this page can keep the browser from following the answer back to the client: then say so, and offer another way. */
{
  const note = document.getElementById("held-back");
  document.addEventListener("securitypolicyviolation", (event) => {
    if (note && event.effectiveDirective === "form-action") {
      note.hidden = false;
      note.scrollIntoView();
    }
  });
}
