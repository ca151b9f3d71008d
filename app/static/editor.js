// Puts a code editor over each <textarea data-editor="address of vendor/editor.js"> that comes near
// the view. Until it is there, and where it cannot be loaded, one types in the textarea.

const AHEAD = "400px";

for (const field of document.querySelectorAll("textarea[data-editor]")) {
  nearing(field)
    .then(() => import(field.dataset.editor))
    .then(({ edit }) => edit(field))
    .catch((error) => console.info("The plain text field stays:", error));
}

/** Resolves when the field is about to come into view. */
function nearing(field) {
  return new Promise((resolve) => {
    const seen = (entries) => entries.some((entry) => entry.isIntersecting);
    const watch = new IntersectionObserver(
      (entries) => {
        if (!seen(entries)) return;
        watch.disconnect();
        resolve();
      },
      { rootMargin: AHEAD },
    );
    watch.observe(field);
  });
}
