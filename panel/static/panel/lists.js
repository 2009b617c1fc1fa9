/* Name each cell after its column: where a table has no room, its rows become cards.
   Without this script they stay a table, which scrolls. */
"use strict";
{
  const table = document.querySelector("body:not(.aac-grid) #result_list");
  if (table) {
    const names = Array.from(
      table.tHead.rows[0].cells,
      (cell) => cell.querySelector(".text")?.textContent.trim() ?? "",
    );
    for (const row of table.tBodies[0].rows) {
      Array.from(row.cells).forEach((cell, index) => {
        cell.dataset.label = names[index] ?? "";
      });
    }
    table.classList.add("panel-cards");
  }
}
