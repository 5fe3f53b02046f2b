// The page works without this. With it: tables sort, filter and export, pictures tell what their marks are
// by pointer and keyboard, walks are shown on the map, and the timeline is widened.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // Tables.
  const text = (cell) => cell.textContent.trim();
  const number = (said) => {
    const plain = said.replace(/,/g, "");
    return plain !== "" && /^-?[0-9]+(\.[0-9]+)?$/.test(plain) ? Number(plain) : null;
  };
  const compare = (a, b) => {
    const [left, right] = [number(a), number(b)];
    if (left !== null && right !== null) return left - right;
    return a < b ? -1 : a > b ? 1 : 0;
  };
  const sort = (table, at, head) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    all("th", table.tHead).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows].map((row, place) => ({ row, place, key: text(row.cells[at]) }));
    rows.sort((a, b) => {
      // Empty cells are last, whichever way.
      if ((a.key === "") !== (b.key === "")) return a.key === "" ? 1 : -1;
      return compare(a.key, b.key) * (down ? -1 : 1) || a.place - b.place;
    });
    table.tBodies[0].append(...rows.map((entry) => entry.row));
  };
  const field = (said, isNumber) => {
    // Text that begins like a formula gets an apostrophe, as in what rolecall itself writes.
    const defused = !isNumber && /^[=+\-@\t\r\n]/.test(said) ? "'" + said : said;
    return /[",\n\r]/.test(defused) ? '"' + defused.replace(/"/g, '""') + '"' : defused;
  };
  const told = (row) => [...row.cells].filter((cell) => cell.className !== "act");
  const csv = (table) => {
    const rows = [...table.tBodies[0].rows].filter((row) => !row.hidden);
    const heads = told(table.tHead.rows[0]).map((head) => field(text(head), false));
    const cells = (row) => told(row).map((cell) => {
      const said = cell.title || text(cell);
      const value = number(said);
      return value === null ? field(said, false) : String(said.replace(/,/g, ""));
    });
    return [heads.join(","), ...rows.map((row) => cells(row).join(","))].join("\r\n") + "\r\n";
  };
  const save = (table) => {
    const address = URL.createObjectURL(new Blob([csv(table)], { type: "text/csv;charset=utf-8" }));
    make("a", { href: address, download: table.dataset.name + ".csv" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  all("table.grid").forEach((table) => {
    const caption = text(table.caption);
    [...table.tHead.rows[0].cells].forEach((head, at) => {
      const button = make("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => sort(table, at, head));
      head.append(button);
    });
    all("tr[data-walk]", table).forEach((row) => {
      const button = make("button", { type: "button", className: "show", textContent: "map" });
      button.setAttribute("aria-label", "Show on the map: " + text(row.cells[0]));
      button.addEventListener("click", () => walk(row.dataset.walk, text(row.cells[0]), true));
      row.append(make("td", { className: "act" }, button));
    });
    if (table.querySelector("td.act")) table.tHead.rows[0].append(make("td", { className: "act" }));
    const count = make("span", { className: "count" });
    count.setAttribute("role", "status");
    const filter = make("input", { type: "search", placeholder: "filter rows" });
    filter.setAttribute("aria-label", "Filter the rows of: " + caption);
    filter.addEventListener("input", () => {
      const sought = filter.value.toLowerCase();
      const rows = [...table.tBodies[0].rows];
      rows.forEach((row) => {
        const said = told(row).map((cell) => text(cell) + "\n" + cell.title).join("\n");
        row.hidden = !said.toLowerCase().includes(sought);
      });
      count.textContent = sought ? rows.filter((row) => !row.hidden).length + " of " + rows.length : "";
    });
    const button = make("button", { type: "button", textContent: "Export CSV" });
    button.setAttribute("aria-label", "Export CSV: " + caption);
    button.addEventListener("click", () => save(table));
    table.parentElement.before(make("div", { className: "tools" }, filter, count, button));
  });

  // What marks are: told by pointer and keyboard. One mark of each picture is in the order of tabs; arrows lead
  // to the others.
  const tip = document.getElementById("tip");
  const said = new WeakMap();
  const tell = (mark) => {
    const box = mark.getBoundingClientRect();
    tip.textContent = said.get(mark);
    tip.hidden = false;
    const width = document.documentElement.clientWidth;
    const left = Math.min(Math.max(8, box.left + box.width / 2 - tip.offsetWidth / 2), width - tip.offsetWidth - 8);
    const above = box.top - tip.offsetHeight - 8;
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = (above > 8 ? above : box.bottom + 8) + "px";
  };
  const quiet = () => { tip.hidden = true; };
  all("svg[role=group]").forEach((picture) => {
    const marks = all(".mark", picture);
    marks.forEach((mark, at) => {
      const title = mark.querySelector("title");
      said.set(mark, title.textContent);
      // What is written in a mark is its name; what it tells describes it, or is the name where nothing is written.
      const isButton = mark.dataset.node || mark.dataset.from || mark.dataset.walk;
      mark.setAttribute("role", isButton ? "button" : "img");
      mark.setAttribute(isButton && mark.querySelector("text") ? "aria-description" : "aria-label", title.textContent);
      mark.setAttribute("tabindex", at === 0 ? "0" : "-1");
      title.remove();
      mark.addEventListener("pointerenter", () => tell(mark));
      mark.addEventListener("pointerleave", quiet);
      mark.addEventListener("focus", () => tell(mark));
      mark.addEventListener("blur", quiet);
      mark.addEventListener("click", () => choose(mark));
      mark.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (event.key === "Enter" || event.key === " ") choose(mark);
        else if (event.key === "Escape") { quiet(); walk("", "", false); return; }
        else if (step) {
          const next = marks[(at + step + marks.length) % marks.length];
          mark.setAttribute("tabindex", "-1");
          next.setAttribute("tabindex", "0");
          next.focus();
        } else return;
        event.preventDefault();
      });
    });
  });
  addEventListener("scroll", quiet, { passive: true });

  // Walks on the map.
  const map = document.querySelector("svg.map");
  const chosen = document.getElementById("chosen");
  const light = (nodes, pairs, said, comes) => {
    if (!map) return;
    map.classList.toggle("choosing", nodes.size > 0);
    all(".node", map).forEach((node) => node.classList.toggle("lit", nodes.has(node.dataset.node)));
    all(".link", map).forEach((link) =>
      link.classList.toggle("lit", pairs.has(link.dataset.from + " " + link.dataset.to)));
    chosen.replaceChildren();
    if (nodes.size > 0) {
      const end = make("button", { type: "button", textContent: "Show all" });
      end.addEventListener("click", () => light(new Set(), new Set(), "", false));
      chosen.append("Shown: " + said + " ", end);
      if (comes) document.getElementById("map").scrollIntoView({ block: "start" });
    }
  };
  const pairs = (places) => places.slice(1).map((to, at) => places[at] + " " + to);
  const walk = (places, said, comes) => {
    const numbers = places.split(" ").filter((place) => place !== "");
    light(new Set(numbers), new Set(pairs(numbers)), said, comes);
  };
  const through = (node, said) => {
    const chains = map.dataset.chains.split(";").map((chain) => chain.split(" "));
    const [nodes, edges] = [new Set([node]), new Set()];
    const ends = all(".link", map).map((link) => [link.dataset.from, link.dataset.to]);
    [...chains, ...ends].filter((chain) => chain.includes(node)).forEach((chain) => {
      chain.forEach((place) => nodes.add(place));
      pairs(chain).forEach((pair) => edges.add(pair));
    });
    light(nodes, edges, "every chain through " + said, false);
  };
  const choose = (mark) => {
    const what = said.get(mark).split(" · ")[0];
    if (mark.dataset.node) through(mark.dataset.node, what);
    else if (mark.dataset.from) walk(mark.dataset.from + " " + mark.dataset.to, what, false);
    else if (mark.dataset.walk) walk(mark.dataset.walk, what, true);
  };
  all("a.show").forEach((link) => link.addEventListener("click", () => {
    const title = text(link.closest("details").querySelector("summary .what"));
    walk(link.dataset.walk, title, false);
  }));
  all("details.finding").forEach((finding) => finding.addEventListener("toggle", () => {
    if (finding.open) walk(finding.dataset.walk ?? "", text(finding.querySelector("summary .what")), false);
  }));

  // A wider timeline: its labels stay in sight.
  const timeline = document.querySelector("svg.timeline");
  if (timeline) {
    const frame = timeline.parentElement;
    const sizes = [1, 2, 4, 8, 16];
    const tools = make("div", { className: "tools" }, "Widen: ");
    sizes.forEach((size) => {
      const button = make("button", { type: "button", textContent: size + "×" });
      button.setAttribute("aria-pressed", String(size === 1));
      button.addEventListener("click", () => {
        const middle = (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth;
        timeline.style.width = size * 100 + "%";
        timeline.classList.toggle("wide", size > 2);
        frame.scrollLeft = size === 1 ? 0 : middle * frame.scrollWidth - frame.clientWidth / 2;
        all("button", tools).forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      });
      tools.append(button);
    });
    frame.before(tools);
    const labels = all("text.label", timeline);
    frame.addEventListener("scroll", () => labels.forEach((label) => label.setAttribute("x", frame.scrollLeft)));
  }

  // A link to something folded unfolds it; on paper everything is unfolded.
  const unfold = () => {
    const sought = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (sought && sought.tagName === "DETAILS") sought.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
  addEventListener("beforeprint", () => all("#findings details").forEach((folded) => { folded.open = true; }));
})();
