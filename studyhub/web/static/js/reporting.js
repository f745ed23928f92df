// Tells the server how far a lesson is. A report holds all that is known of this viewing, so that one that was
// lost on a bad network is made good by the next; until one arrives, it is also kept in this browser.
export class Reporter {
  // `body()` gives the report without its seq; `told(answer)` is called with what the server says.
  constructor(element, body, told) {
    this.data = element.dataset;
    this.body = body;
    this.told = told;
    this.seq = Number(this.data.seq);
    this.sending = false;
    this.again = false;
    this.wait = 5000;
    this.timer = 0;
    this.stopped = false;
    this.key = `studyhub.lesson.${this.data.owner}.${this.data.lesson}`;
    this.saving = document.getElementById("saving");
    window.addEventListener("online", () => this.waiting() && this.send());
  }

  // What an earlier visit could not send, or null.
  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch (error) {
      return null;
    }
  }

  keep(body) {
    try {
      if (body) localStorage.setItem(this.key, JSON.stringify(body));
      else localStorage.removeItem(this.key);
    } catch (error) {
      // A browser that keeps nothing: the next report still holds everything of this visit.
    }
  }

  waiting() {
    return this.timer !== 0 || this.kept() !== null;
  }

  // Send what is known now. `last`: the page goes away, and the request must outlive it.
  async send(last = false) {
    if (this.stopped) return;
    if (this.sending && !last) {
      this.again = true;
      return;
    }
    clearTimeout(this.timer);
    this.timer = 0;
    const body = this.body();
    this.keep(body);
    this.seq += 1;
    this.sending = true;
    try {
      await this.heard(await this.post({ ...body, seq: this.seq }, last));
    } catch (error) {
      this.unsent();
    }
    this.sending = false;
    if (this.again) {
      this.again = false;
      this.send();
    }
  }

  post(body, keepalive) {
    return fetch(this.data.report, {
      method: "POST",
      credentials: "same-origin",
      keepalive,
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content,
      },
      body: JSON.stringify(body),
    });
  }

  async heard(response) {
    if (response.status === 401 || response.status === 403) {
      this.stopped = true;
      this.say(this.data.signedOut);
      return;
    }
    if (response.status === 404 || response.status === 422) {
      this.stopped = true;
      this.keep(null);
      return;
    }
    if (!response.ok) throw new Error(String(response.status));
    const answer = await response.json();
    this.wait = 5000;
    if (answer.seq > this.seq) {
      // Another device or tab has reported meanwhile: go on from its number.
      this.seq = answer.seq;
      this.again = true;
      return;
    }
    this.keep(null);
    if (answer.covered_s > 0) this.say(answer.completed ? this.data.completed : this.data.saved);
    this.told(answer);
  }

  unsent() {
    this.say(this.data.unsent);
    this.timer = setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(60000, this.wait * 2);
  }

  say(text) {
    if (this.saving.textContent !== text) this.saving.textContent = text;
  }
}

// Show how far the lesson is.
export function show(answer) {
  const bar = document.getElementById("bar");
  const share = Math.floor(answer.coverage * 100);
  bar.value = answer.coverage;
  bar.textContent = `${share}%`;
  document.getElementById("share").textContent = `${share}%`;
  if (answer.completed) {
    document.getElementById("rule").hidden = true;
    document.getElementById("done").hidden = false;
    document.getElementById("next").classList.replace("btn-plain", "btn-primary");
    bar.classList.add("ok");
  }
}

// Call `leave` when the page is hidden or goes away: on phones there may be no later moment.
export function onLeaving(leave) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
  window.addEventListener("pagehide", leave);
}
