// Calls to the JSON interface. What comes back is always { kind, status, body, retryAfter }:
// kind "answer" for any answer of the server, "silence" when none came (no network, too slow).

const PATIENCE_MS = 20000;
const KEEPALIVE_LIMIT = 16000; // browsers take 64 kB for all keepalive requests together

/** Calls with the session's cookie and the page's form token. `pageUrl` is read again when the token is old. */
export function createApi(pageUrl) {
  const meta = document.querySelector('meta[name="csrf-token"]');

  async function call(method, url, content) {
    const answer = await attempt(method, url, content);
    if (answer.status === 400 && answer.body.code === "csrf_failed" && (await renewToken())) {
      return attempt(method, url, content);
    }
    return answer;
  }

  async function attempt(method, url, content) {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), PATIENCE_MS);
    try {
      const response = await fetch(url, request(method, content, aborter.signal));
      return {
        kind: "answer",
        status: response.status,
        body: await json(response),
        retryAfter: Number(response.headers.get("Retry-After")) || 0,
      };
    } catch (error) {
      return { kind: "silence", status: 0, body: {}, retryAfter: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  function request(method, content, signal) {
    const body = content === undefined ? undefined : JSON.stringify(content);
    const headers = { Accept: "application/json", "X-CSRFToken": meta.content };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    // A save that is on its way goes on when the page is left.
    const keepalive = body !== undefined && body.length < KEEPALIVE_LIMIT;
    return { method, headers, body, signal, keepalive, credentials: "same-origin", cache: "no-store" };
  }

  // Who signs in again in another window gets a new token; this page takes it over instead of failing.
  async function renewToken() {
    try {
      const page = await (await fetch(pageUrl, { credentials: "same-origin", cache: "no-store" })).text();
      const found = new DOMParser().parseFromString(page, "text/html").querySelector('meta[name="csrf-token"]');
      const renewed = Boolean(found) && found.content !== meta.content;
      if (renewed) meta.content = found.content;
      return renewed;
    } catch (error) {
      return false;
    }
  }

  return {
    get: (url) => call("GET", url),
    put: (url, content) => call("PUT", url, content),
    post: (url, content) => call("POST", url, content),
  };
}

async function json(response) {
  try {
    return await response.json();
  } catch (error) {
    return {};
  }
}
