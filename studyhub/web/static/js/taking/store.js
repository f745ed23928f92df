// What this tab remembers of an attempt: its epoch, answers that are not saved yet, flags, and where it was.
// sessionStorage is the tab's own, so a second tab or device holds no epoch and has to take over.

/** The tab's memory of one attempt. Works without storage too (private mode): then it lasts as long as the page. */
export function openStore(attemptId) {
  const key = `studyhub.attempt.${attemptId}`;
  const memory = { epoch: null, unsent: {}, flags: [], at: null };
  Object.assign(memory, read(key));

  function keep() {
    try {
      sessionStorage.setItem(key, JSON.stringify(memory));
    } catch (error) {
      // Full or forbidden: the page goes on from its own variables.
    }
  }

  return {
    get epoch() {
      return memory.epoch;
    },
    hold(epoch) {
      memory.epoch = epoch;
      keep();
    },
    get unsent() {
      return memory.unsent;
    },
    keepUnsent(unsent) {
      memory.unsent = unsent;
      keep();
    },
    get flags() {
      return memory.flags;
    },
    toggleFlag(position) {
      const at = memory.flags.indexOf(position);
      if (at < 0) memory.flags.push(position);
      else memory.flags.splice(at, 1);
      keep();
      return at < 0;
    },
    get at() {
      return memory.at;
    },
    stayAt(position) {
      memory.at = position;
      keep();
    },
    forget() {
      try {
        sessionStorage.removeItem(key);
      } catch (error) {
        // nothing was kept
      }
    },
  };
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) || {};
  } catch (error) {
    return {};
  }
}
