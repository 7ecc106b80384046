// The search: an index of all sections, built in the browser when it is first used.
(function () {
  const root = document.currentScript.dataset.root;
  const field = document.getElementById("search");
  const results = document.getElementById("results");
  let index = null;

  function build() {
    return lunr(function () {
      this.ref("place");
      this.field("title", { boost: 10 });
      this.field("page_title", { boost: 5 });
      this.field("text");
      searchIndex.forEach((section, place) => this.add({ place, ...section }));
    });
  }

  function found(words) {
    return index.query((query) => {
      lunr.tokenizer(words).forEach((token) => {
        query.term(token.toString(), { usePipeline: true, boost: 10 });
        query.term(token.toString(), {
          usePipeline: false,
          wildcard: lunr.Query.wildcard.TRAILING,
        });
      });
    });
  }

  function show() {
    index = index || build();
    const words = field.value.trim();
    results.replaceChildren();
    results.hidden = words === "";
    if (words === "") {
      return;
    }
    const hits = found(words).slice(0, 12);
    hits.forEach((hit) => {
      const section = searchIndex[hit.ref];
      const link = document.createElement("a");
      link.href = root + section.page + ".html" + (section.id ? "#" + section.id : "");
      link.textContent =
        section.title === section.page_title
          ? section.title
          : section.page_title + ": " + section.title;
      const item = document.createElement("li");
      item.append(link);
      results.append(item);
    });
    if (hits.length === 0) {
      results.append("Nothing found");
    }
  }

  field.addEventListener("input", show);

  // The menu is long: show where the page is in it.
  const current = document.querySelector("#menu a[aria-current]");
  const menu = document.getElementById("menu");
  if (current && current.offsetTop > menu.clientHeight) {
    menu.scrollTop = current.offsetTop - menu.clientHeight / 2;
  }
})();
