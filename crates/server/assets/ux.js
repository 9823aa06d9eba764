/* Every page works without this. */
(function (d) {
  var root = d.documentElement;
  root.classList.add('js');
  function all(s, r) { return [].slice.call((r || d).querySelectorAll(s)); }
  function on(s, event, act) { all(s).forEach(function (x) { x.addEventListener(event, act); }); }

  /* 大字版: the server reads the same cookie, so the choice survives without script. */
  on('[data-size-toggle]', 'click', function (e) {
    e.preventDefault();
    var large = root.getAttribute('data-size') !== 'large';
    if (large) root.setAttribute('data-size', 'large'); else root.removeAttribute('data-size');
    d.cookie = 'size=' + (large ? 'large' : '') + ';path=/;samesite=lax;max-age=' + (large ? 31536000 : 0);
    this.textContent = large ? '标准字号' : '大字版';
  });

  /* The error summary takes the focus. */
  var summary = d.querySelector('.es');
  if (summary) summary.focus();

  /* How many characters are left. */
  function counter(box) {
    var max = +box.getAttribute('data-max'), out = d.getElementById(box.id + '-n');
    if (!max || !out) return;
    function count() {
      var left = max - Array.from(box.value.replace(/\r\n/g, '\n').trim()).length;
      out.textContent = left < 0 ? '已超出 ' + -left + ' 个字' : left < max ? '已写 ' + (max - left) + ' 个字' : '';
    }
    box.addEventListener('input', count); count();
  }
  all('[data-max]').forEach(counter);

  /* Repeatable rows. Without script: a spare row and a button that asks the server. */
  function renumber(list) {
    all('[data-row]', list).forEach(function (row, i) {
      var n = row.querySelector('[data-row-n]');
      if (n) n.textContent = '第 ' + (i + 1) + ' 行';
    });
  }
  function removable(row, list, box) {
    var button = row.querySelector('[data-row-drop]');
    if (button) button.addEventListener('click', function (e) {
      e.preventDefault();
      var next = row.nextElementSibling || row.previousElementSibling;
      row.remove(); renumber(list); touched = true; box.dispatchEvent(new Event('input', { bubbles: true }));
      var first = next && next.querySelector('input,select,textarea');
      if (first) first.focus();
    });
  }
  all('[data-rows]').forEach(function (box) {
    var list = box.querySelector('[data-row-list]'), seed = box.querySelector('template');
    var more = box.querySelector('[data-row-more]'), max = +box.getAttribute('data-rows-max');
    var next = all('[data-row]', list).length;
    all('[data-row]', list).forEach(function (row) { removable(row, list, box); });
    if (!seed || !more) return;
    more.addEventListener('click', function (e) {
      e.preventDefault();
      if (all('[data-row]', list).length >= max) return;
      var holder = d.createElement('ul');
      holder.innerHTML = seed.innerHTML.replace(/__i__/g, next++);
      var row = holder.firstElementChild;
      list.appendChild(row); removable(row, list, box); renumber(list);
      all('[data-max]', row).forEach(counter);
      var first = row.querySelector('input:not([type=hidden]),select,textarea');
      if (first) first.focus();
    });
  });

  /* Leaving with unsaved changes is asked about; sending twice sends once. */
  var touched = false;
  on('form[data-guard]', 'input', function () { touched = true; });
  function keep(k, v) { try { return v === undefined ? localStorage.getItem(k) : v ? localStorage.setItem(k, v) : localStorage.removeItem(k); } catch (_) { return null; } }
  /* What the page before sent was taken: its copy here is no longer wanted. */
  try {
    var sent = sessionStorage.sent;
    if (sent && d.querySelector('.note[role=status]:not(.warn)') && keep(sent) === sessionStorage.was) keep(sent, '');
    sessionStorage.removeItem('sent');
  } catch (_) { touched = false; }
  on('form[action="/logout"]', 'submit', function () {
    try { Object.keys(localStorage).forEach(function (k) { if (!k.indexOf('draft:')) keep(k, ''); }); } catch (_) { return; }
  });

  /* Drafts: kept here at each change, sent a moment later and every 20 s. */
  all('form[data-draft]').forEach(function (f) {
    var el = f.elements, key = 'draft:' + f.getAttribute('data-who') + location.pathname + location.search;
    var base = JSON.parse(el._base.value), busy, dirty, timer, said = f.querySelector('[data-said]');
    function named(n) { return all('[name="' + n + '"]', f); }
    function ticks(x) { return /ra|ch/.test(x.type); }
    function text(n) {
      return named(n).filter(function (x) { return !ticks(x) || x.checked; }).map(function (x) { return x.value; }).join('\x1f');
    }
    function body() {
      el._turn.value = Date.now(); el._base.value = JSON.stringify(base);
      return new URLSearchParams(new FormData(f));
    }
    function show(where, html) {
      var box = d.querySelector(where);
      if (box && box.was !== html) box.innerHTML = box.was = html;
    }
    function send() {
      if (busy) return;
      busy = 1; dirty = 0; clearTimeout(timer);
      var sent = {};
      all('[name]', f).forEach(function (x) { sent[x.name] = text(x.name); });
      fetch(f.getAttribute('data-draft'), { method: 'POST', body: body(), redirect: 'manual' }).then(function (r) {
        if (!r.ok) throw r;
        return r.json();
      }).then(function (a) {
        if (a.quiet) return;
        a.moved.forEach(function (m) {
          all('[name^="' + m[0] + '"]', f).forEach(function (x) {
            var n = x.name.replace(m[0], m[1]);
            sent[n] = sent[x.name]; x.name = n;
          });
        });
        Object.keys(a.base).forEach(function (n) {
          if (n in a.changed) {
            if (text(n) !== (sent[n] || '')) return;
            var v = a.changed[n];
            named(n).forEach(function (x) { if (ticks(x)) x.checked = v.split('\x1f').indexOf(x.value) >= 0; else x.value = v; });
          }
          base[n] = a.base[n];
        });
        if (!dirty && !a.clashes) { keep(key, ''); touched = false; }
        said.textContent = a.clashes ? '有两个人都改过的地方，在上面选一份' : '草稿存于 ' + a.at + (a.more ? '，同事增加了内容，刷新可见' : '');
        show('[data-clashes]', a.clashes); show('[data-rules]', a.rules); show('[data-here]', a.here);
      }).catch(function (r) {
        dirty = 1;
        said.textContent = (r.type || r.status ? '登录已过期' : '网络不通') + '，内容留在这台设备上，恢复后可放回';
      }).then(function () { busy = 0; if (dirty) timer = setTimeout(send, 3000); });
    }
    function change() {
      dirty = 1; keep(key, Date.now() + ' ' + body());
      clearTimeout(timer); timer = setTimeout(send, 1000);
    }
    f.addEventListener('input', change);
    f.addEventListener('submit', function () {
      body(); clearTimeout(timer);
      try { sessionStorage.sent = key; sessionStorage.was = keep(key) || ''; } catch (_) { return; }
    });
    setInterval(send, 20000);
    var last = keep(key), back = d.querySelector('[data-kept]'), kept;
    /* A figure is the same however it is written. */
    function loose(v, n) {
      var x = named(n)[0];
      return x && x.inputMode ? parseFloat(v.replace(/[,，\s]/g, '')) + '' : v.replace(/\s/g, '');
    }
    if (last) {
      last = last.split(' ');
      kept = new URLSearchParams(last[1]);
      var fresh = +kept.get('_turn') > +f.getAttribute('data-got'), other = false;
      kept.forEach(function (v, n) { if (n[0] !== '_' && loose(v, n) !== loose(text(n), n)) other = true; });
      if (!fresh || !other) { keep(key, ''); last = ''; }
    }
    if (last) {
      back.innerHTML = '<form class="note warn mb" method="post"><p></p><p class="row mt-s"><button class="btn sm" name="_show" value="1">放回表单</button><button class="btn sm" type="reset">不要了</button></p></form>';
      back = back.firstChild; back.action = f.action;
      back.firstChild.textContent = '这台设备上有没送出的内容：' + new Date(+last[0]).toLocaleString('zh-CN');
      kept.forEach(function (v, n) {
        var x = d.createElement('input');
        x.type = 'hidden'; x.name = n; x.value = n === '_csrf' ? el._csrf.value : v; back.appendChild(x);
      });
      back.addEventListener('submit', function () { keep(key, ''); });
      back.addEventListener('reset', function () { keep(key, ''); back.remove(); });
    }
  });
  window.addEventListener('beforeunload', function (e) {
    if (touched) { e.preventDefault(); e.returnValue = ''; }
  });
  on('form', 'submit', function (e) {
    var form = this;
    if ((form.method || '').toLowerCase() !== 'post') return;
    if (form.getAttribute('data-sent')) { e.preventDefault(); return; }
    form.setAttribute('data-sent', '1'); form.setAttribute('aria-busy', 'true'); touched = false;
    setTimeout(function () { form.removeAttribute('data-sent'); form.removeAttribute('aria-busy'); }, 8000);
  });
  window.addEventListener('pageshow', function () {
    all('form[data-sent]').forEach(function (f) { f.removeAttribute('data-sent'); f.removeAttribute('aria-busy'); });
  });

  /* A link to a field in a fold opens the fold, in browsers that do not by themselves. */
  function unfold() {
    var to = location.hash && d.getElementById(location.hash.slice(1)), fold = to && to.closest('details:not([open])');
    if (!fold) return;
    for (; fold; fold = fold.parentNode.closest('details')) fold.open = true;
    to.scrollIntoView();
  }
  window.addEventListener('hashchange', unfold); unfold();

  /* 复制 and 打印. */
  on('[data-copy]', 'click', function () {
    var from = d.getElementById(this.getAttribute('data-copy')), me = this;
    if (from && navigator.clipboard) navigator.clipboard.writeText(from.textContent.trim()).then(function () { me.textContent = '已复制'; });
  });
  on('[data-print]', 'click', function () { window.print(); });
})(document);
