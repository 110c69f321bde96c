// Chapters link to other files of the repository, which are not part of the book: there they lead to the repository.
for (const link of document.querySelectorAll('main a[href^="../"]')) {
    const path = link.getAttribute("href").replace(/\.html(?=#|$)/, ".md");
    link.href = new URL(path, "https://github.com/docsdk/docsdk/blob/main/docs/guide/").href;
}
