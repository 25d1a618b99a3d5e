// Sends what the node has built: as a development account of the chain, or by a wallet of the browser (EIP-6963, EIP-1193).
// Nothing is signed before its meaning, its trial and the calls that must come first are shown.

const who = document.getElementById("who");
const account = who.dataset.account;
const review = document.getElementById("review");
const WAD = 10n ** 18n;
let sender = null;

/** A decimal number of whole tokens as wei. */
function wei(text) {
  const match = /^(\d*)(?:[.,](\d{0,18}))?$/.exec(text.trim());
  if (!match || (!match[1] && !match[2])) throw new Error(`“${text}” is not an amount with at most 18 decimals`);
  return (BigInt(match[1] || "0") * WAD + BigInt((match[2] || "").padEnd(18, "0"))).toString();
}

/** The chain itself signs for development accounts. */
const chain = {
  async request({ method, params }) {
    const answer = await fetch(who.dataset.rpc, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    const { result, error } = await answer.json();
    if (error) throw new Error(error.message);
    return result;
  },
};

const isDev = [...document.querySelectorAll("[data-dev]")].some(
  (link) => link.dataset.dev.toLowerCase() === account?.toLowerCase(),
);
if (isDev && who.dataset.rpc) sender = chain;

const wallets = document.getElementById("wallets");
const known = new Set();
window.addEventListener("eip6963:announceProvider", ({ detail: { info, provider } }) => {
  if (known.has(info.uuid)) return;
  known.add(info.uuid);
  wallets.hidden = false;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = info.name;
  button.addEventListener("click", () => connect(info, provider));
  wallets.append(button, " ");
  if (sessionStorage.getItem("wallet") === info.rdns) resume(provider);
});
window.dispatchEvent(new Event("eip6963:requestProvider"));

async function resume(provider) {
  const [first] = await provider.request({ method: "eth_accounts" });
  if (first && first.toLowerCase() === account?.toLowerCase()) sender = provider;
}

async function connect(info, provider) {
  const [first] = await provider.request({ method: "eth_requestAccounts" });
  const wanted = `0x${Number(who.dataset.chain).toString(16)}`;
  if ((await provider.request({ method: "eth_chainId" })) !== wanted) {
    await provider.request({ method: "wallet_switchEthereumChain", params: [{ chainId: wanted }] });
  }
  sessionStorage.setItem("wallet", info.rdns);
  location.search = `?account=${first}`;
}

function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function build(kind, body) {
  const answer = await fetch(`/v1/tx/${kind}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ from: account, ...body }),
  });
  const built = await answer.json();
  if (built.error) throw new Error([built.error.what, built.error.next].filter(Boolean).join(": "));
  return built.data;
}

/** Shows a transaction, and sends it when told to. */
async function look(kind, body) {
  const text = document.getElementById("review-text");
  const state = document.getElementById("review-state");
  const send = document.getElementById("review-send");
  text.replaceChildren();
  state.textContent = "";
  send.disabled = true;
  review.showModal();
  try {
    if (!account) throw new Error("choose an account first");
    const built = await build(kind, body);
    text.append(element("p", `This ${built.summary}.`));
    for (const call of built.first) text.append(element("p", `First: ${call.meaning}.`));
    text.append(element("p", built.call.meaning, "code"));
    text.append(element("p", `to ${built.call.to}`, "address"));
    if (built.trial && !built.trial.succeeds) {
      text.append(element("p", `The contract refuses it now: ${built.trial.refusal}`, "notice"));
    } else if (built.trial) {
      text.append(element("p", `Tried now: it succeeds with ${built.trial.gas} gas.`, "faint"));
    }
    if (!sender) text.append(element("p", "To send it, choose a development account or connect the wallet of this account.", "notice"));
    send.disabled = !sender || built.trial?.succeeds === false;
    send.onclick = () => dispatch(kind, body, built, state, send);
  } catch (error) {
    text.append(element("p", error.message, "notice"));
  }
}

async function dispatch(kind, body, built, state, send) {
  send.disabled = true;
  try {
    for (const call of built.first) {
      state.textContent = `Waiting: ${call.meaning}…`;
      await mined(call);
    }
    if (built.first.length > 0) {
      // Now it can be tried.
      const tried = await build(kind, body);
      if (!tried.trial.succeeds) throw new Error(`the contract refuses it: ${tried.trial.refusal}`);
    }
    state.textContent = "Waiting for the block…";
    await mined(built.call);
    state.textContent = "Done.";
  } catch (error) {
    state.textContent = `Not sent or not done: ${error.message}`;
  }
}

async function mined({ from, to, value, data }) {
  const hash = await sender.request({
    method: "eth_sendTransaction",
    params: [{ from, to, data, value: `0x${BigInt(value).toString(16)}` }],
  });
  for (let tries = 0; tries < 600; tries += 1) {
    const receipt = await sender.request({ method: "eth_getTransactionReceipt", params: [hash] });
    if (receipt && receipt.status === "0x1") return;
    if (receipt) throw new Error(`transaction ${hash} was mined and failed`);
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`transaction ${hash} is not mined yet`);
}

document.getElementById("review-close")?.addEventListener("click", () => review.close());

document.addEventListener("submit", (event) => {
  const kind = event.target.dataset.tx;
  if (!kind) return;
  event.preventDefault();
  try {
    const fields = Object.fromEntries(new FormData(event.target));
    for (const name of ["amount", "shares"]) if (name in fields) fields[name] = wei(fields[name]);
    look(kind, fields);
  } catch (error) {
    look(kind, {}).then(() => {
      document.getElementById("review-text").replaceChildren(element("p", error.message, "notice"));
    });
  }
});

document.addEventListener("click", ({ target }) => {
  if (target.dataset?.claim) look("claim", { epoch: Number(target.dataset.claim) });
  if (target.dataset?.cancel) look("cancel", { epoch: Number(target.dataset.cancel), shares: target.dataset.shares });
});
