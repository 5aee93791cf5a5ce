"use strict";
(() => {
  const root = document.documentElement;
  const collator = new Intl.Collator(root.lang, { numeric: true, sensitivity: "base" });
  const tabs = [...document.querySelectorAll("main > .tab")];
  const ways = [...document.querySelectorAll("nav a")];

  // ---- one page at a time; the address says which, so that links and the browser's history lead back to it

  function chosen() {
    const key = decodeURIComponent(location.hash.slice(1)).split("!")[0];
    return tabs.find((tab) => tab.id === key) || tabs[0];
  }

  function turn() {
    const now = chosen();
    tabs.forEach((tab) => tab.classList.toggle("on", tab === now));
    ways.forEach((way) => {
      if (decodeURIComponent(way.hash.slice(1)) === now.id) way.setAttribute("aria-current", "page");
      else way.removeAttribute("aria-current");
    });
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (place && place !== now) place.scrollIntoView({ block: "center" });
    else scrollTo(0, 0);
  }

  // ---- a table: rows in the order and choice that the reader wants

  function told(cell) {
    if (!cell) return "";
    const typed = cell.querySelector("data, time");
    return typed ? typed.value || typed.dateTime : cell.textContent.trim();
  }

  // Empty cells come last in either direction; colours stand in the order of their weight, numbers and dates before words.
  function key(cell) {
    if (!cell || !cell.textContent.trim()) return null;
    if (cell.dataset.rank) return [0, Number(cell.dataset.rank)];
    const typed = cell.querySelector("data, time");
    if (typed && typed.localName === "time") return [1, typed.dateTime];
    const number = typed ? { true: 1, false: 0 }[typed.value] ?? Number(typed.value) : NaN;
    return Number.isNaN(number) ? [2, cell.textContent.trim()] : [0, number];
  }

  function compared(one, other) {
    if (one[0] !== other[0]) return one[0] - other[0];
    return one[0] === 0 ? one[1] - other[1] : collator.compare(one[1], other[1]);
  }

  function sorted(rows, column, turned) {
    const keyed = rows.map((row) => [key(row.cells[column]), row]);
    keyed.sort(([one], [other]) => {
      if (!one || !other) return (one ? 0 : 1) - (other ? 0 : 1);
      return turned * compared(one, other);
    });
    return keyed.map(([, row]) => row);
  }

  function enliven(tab) {
    const table = tab.querySelector("table");
    const tools = tab.querySelector(".tools");
    if (!table || !tools) return;
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const bare = new Set(rows.filter((row) => row.hidden));
    const heads = [...table.tHead.rows[0].cells];
    const search = tools.querySelector("input");
    const views = [...tools.querySelectorAll(".views button")];
    const status = tools.querySelector("[role=status]");
    const unfold = tools.querySelector(".unfold");

    function meets(row, words, view) {
      const text = row.textContent.toLocaleLowerCase(root.lang);
      if (!words.every((word) => text.includes(word))) return false;
      if (!view) return true;
      return JSON.parse(view.dataset.values).includes(told(row.cells[Number(view.dataset.column)]));
    }

    function sift() {
      const words = search.value.toLocaleLowerCase(root.lang).split(/\s+/).filter(Boolean);
      const view = views.find((button) => button.ariaPressed === "true");
      let shown = 0;
      for (const row of rows) {
        row.hidden = bare.has(row) || !meets(row, words, view);
        shown += row.hidden ? 0 : 1;
      }
      const all = rows.length - bare.size;
      status.textContent = status.dataset.words.replace("{shown}", shown).replace("{all}", all);
    }

    // Up, down, then as the report had them.
    function sort(head, column) {
      const before = head.getAttribute("aria-sort");
      const next = { ascending: "descending", descending: "" }[before] ?? "ascending";
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      if (next) head.setAttribute("aria-sort", next);
      body.append(...(next ? sorted(rows, column, next === "ascending" ? 1 : -1) : rows));
    }

    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => sort(head, column)));
    search.addEventListener("input", sift);
    views.forEach((button) =>
      button.addEventListener("click", () => {
        const on = button.ariaPressed !== "true";
        views.forEach((each) => (each.ariaPressed = String(on && each === button)));
        sift();
      }),
    );
    if (unfold) {
      unfold.addEventListener("click", () => {
        unfold.ariaPressed = String(table.classList.toggle("all"));
      });
    }
    tools.hidden = false;
    sift();
  }

  root.classList.add("js");
  tabs.forEach(enliven);
  addEventListener("hashchange", turn);
  turn();

  const print = document.querySelector(".print");
  print.hidden = false;
  print.addEventListener("click", () => {
    document.body.classList.add("alone");
    window.print();
    document.body.classList.remove("alone");
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement) document.activeElement.blur();
  });
})();
