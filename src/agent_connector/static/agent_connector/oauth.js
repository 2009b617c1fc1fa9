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
