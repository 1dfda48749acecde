// Runs in the page before anything of the console: notes when things were drawn, and watches frames and tasks.
(() => {
  const afterFrame = (then) => requestAnimationFrame(() => setTimeout(then));
  const SETTLED_MS = 1500; // the other screen has been drawn
  const plainFetch = window.fetch;
  let replied = 0;
  let requests = 0;
  const standing = new Promise((done) => {
    const look = () => {
      if (!document.querySelector('[role=grid]')) return requestAnimationFrame(look);
      // Whoever traces wants nothing of the console's own beginning between reply and pixels.
      return setTimeout(done, 400);
    };
    requestAnimationFrame(look);
  });
  window.fetch = async (...args) => {
    requests += 1;
    const reply = await plainFetch(...args);
    if (replied || !String(args[0]?.url ?? args[0]).includes('/api/board/columns')) return reply;
    const body = reply.arrayBuffer.bind(reply);
    reply.arrayBuffer = async () => {
      const bytes = await body();
      if (window.replyWaits) await standing;
      replied ||= performance.now();
      performance.mark('board-replied');
      return bytes;
    };
    return reply;
  };

  window.boardDrawn = new Promise((done) => {
    const look = () => {
      if (!document.querySelector('[role=grid] [role=gridcell]')) return requestAnimationFrame(look);
      // After the frame that shows it.
      return setTimeout(() => {
        performance.mark('board-drawn');
        done({ at: performance.now(), replied });
      });
    };
    requestAnimationFrame(look);
  });

  const until = (isSo) =>
    new Promise((done) => {
      // After the frame that shows it.
      const look = () => (isSo() ? setTimeout(done) : requestAnimationFrame(look));
      requestAnimationFrame(look);
    });

  // To another screen and back: the day is asked for and drawn anew by a console that has long begun.
  window.boardDrawnAgain = async (elsewhere) => {
    const here = location.hash;
    location.hash = elsewhere;
    await until(() => !document.querySelector('[role=grid]'));
    await new Promise((done) => setTimeout(done, SETTLED_MS));
    replied = 0;
    location.hash = here;
    await until(() => replied && document.querySelector('[role=grid] [role=gridcell]'));
    return performance.now() - replied;
  };

  // From when there was something to draw and something to draw on: the day's reply, and the map's code.
  window.mapDrawn = new Promise((done) => {
    let stood = 0;
    const look = () => {
      if (!stood && document.querySelector('section[data-ready] .leaflet-container')) stood = performance.now();
      // It says what it shows once it has drawn the day.
      if (!document.querySelector('[data-view]')) return requestAnimationFrame(look);
      return afterFrame(() => {
        performance.mark('map-drawn');
        done({ took: performance.now() - Math.max(stood, replied) });
      });
    };
    requestAnimationFrame(look);
  });

  let frames = null;
  window.watchFrames = () => {
    frames = { gaps: [], last: performance.now(), on: true };
    const tick = (now) => {
      if (!frames.on) return;
      frames.gaps.push(now - frames.last);
      frames.last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  };
  window.endFrames = () => {
    frames.on = false;
    return frames.gaps.slice(1);
  };

  // Down and up again, 40 px a frame, as a wheel does.
  window.scrollBoard = (ms) =>
    new Promise((done) => {
      const board = document.querySelector('[role=grid]');
      const until = performance.now() + ms;
      let step = 40;
      const tick = (now) => {
        if (now > until) return done();
        const before = board.scrollTop;
        board.scrollTop += step;
        if (board.scrollTop === before) step = -step;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    });

  // As many boxes as the board has bars, all of them there from the beginning and nothing else on the page.
  window.plainBoxes = (rows, bars) => {
    const board = document.createElement('div');
    board.setAttribute('role', 'grid');
    board.style.cssText =
      'position:relative;width:1100px;height:440px;overflow:auto;contain:strict;background:#fff';
    for (let row = 0; row < rows; row += 1) {
      for (let bar = 0; bar < bars; bar += 1) {
        const box = document.createElement('div');
        box.textContent = `${row} ${bar}`;
        box.style.cssText =
          'position:absolute;width:90px;height:37px;border:1px solid #55606c;background:#edf0f3';
        box.style.top = `${row * 44}px`;
        box.style.left = `${bar * 100}px`;
        board.append(box);
      }
    }
    document.body.replaceChildren(board);
  };

  // From the letting go that makes it a click to the end of the frame in which board and map show it.
  const mapped = () => document.querySelector('section[data-ready]')?.dataset.job ?? null;
  let shown = Promise.resolve(null);
  addEventListener(
    'pointerdown',
    () => {
      const before = mapped();
      shown = new Promise((done) => {
        addEventListener('pointerup', ({ timeStamp }) => watch(before, timeStamp, done), {
          capture: true,
          once: true,
        });
      });
    },
    true,
  );
  const watch = (before, clicked, done) => {
    performance.mark('chosen');
    const look = () => {
      const job = mapped();
      const bar = job && document.getElementById(`bar-${job}`);
      const isShown = bar ? bar.getAttribute('aria-selected') === 'true' : job !== null;
      const isLate = performance.now() - clicked > 5000; // the same visit as before lay on top
      if (!isLate && (!isShown || job === before)) return requestAnimationFrame(look);
      return afterFrame(() => {
        performance.mark('chosen-shown');
        done(isLate ? null : performance.now() - clicked);
      });
    };
    requestAnimationFrame(look);
  };
  window.selectionShown = () => shown;

  let live = null;
  const tasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasks.push({ at: entry.startTime, ms: entry.duration });
  }).observe({ type: 'longtask', buffered: true });
  window.watchLive = () => {
    performance.clearResourceTimings();
    performance.setResourceTimingBufferSize(2000);
    live = { from: performance.now(), shown: {}, bars: [], requests };
    // Those a person sees: a bar out of sight may wait until it comes near.
    const { top, bottom } = document.querySelector('[role=grid]').getBoundingClientRect();
    for (const bar of document.querySelectorAll('[role=gridcell]')) {
      const at = bar.getBoundingClientRect();
      if (at.bottom > top && at.top < bottom) live.bars.push(bar.dataset.job);
    }
    const note = () => {
      const now = Date.now();
      for (const lock of document.querySelectorAll('[role=gridcell] .lock')) {
        live.shown[lock.closest('[role=gridcell]').dataset.job] ??= now;
      }
    };
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(note))).observe(
      document.querySelector('[role=grid]'),
      { childList: true, subtree: true },
    );
    window.watchFrames();
  };
  window.endLive = () => ({
    shown: live.shown,
    bars: live.bars,
    gaps: window.endFrames(),
    tasks: tasks.filter(({ at }) => at >= live.from).map(({ ms }) => ms),
    requests: requests - live.requests,
    bytes: performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.encodedBodySize, 0),
  });
})();
