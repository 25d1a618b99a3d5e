// Keeps the page at the newest block: parts marked data-live are fetched again and replaced when a block is published.

let busy = false;
let again = false;

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const trouble = document.getElementById("trouble");
    if (trouble && !page.getElementById("trouble")) {
      document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
    }
    for (const old of document.querySelectorAll("[data-live]")) {
      const next = page.getElementById(old.id);
      if (next && next.innerHTML !== old.innerHTML) old.replaceWith(document.adoptNode(next));
    }
  } catch {
    lost();
  } finally {
    busy = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

function lost() {
  const status = document.getElementById("status");
  if (!status) return;
  status.classList.add("bad");
  if (!status.querySelector(".lost")) {
    const note = document.createElement("strong");
    note.className = "lost";
    note.textContent = "The node does not answer: what you see may be old";
    status.append(note);
  }
}

const stream = new EventSource("/v1/stream");
stream.addEventListener("block", refresh);
stream.addEventListener("error", lost);
