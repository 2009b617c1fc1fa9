// Copy buttons of commands: shown only where the browser can copy.
"use strict";
{
    const SHOWN_MS = 1600;

    function tell(button, status) {
        const before = button.textContent;
        status.textContent = status.dataset.copied;
        button.textContent = status.dataset.copied;
        setTimeout(() => {
            button.textContent = before;
            status.textContent = "";
        }, SHOWN_MS);
    }

    if (navigator.clipboard) {
        for (const button of document.querySelectorAll("[data-panel-copy]")) {
            const box = button.closest(".panel-command");
            const status = box.querySelector("[role=status]");
            button.hidden = false;
            button.addEventListener("click", async () => {
                await navigator.clipboard.writeText(box.querySelector("code").textContent);
                tell(button, status);
            });
        }
    }
}
