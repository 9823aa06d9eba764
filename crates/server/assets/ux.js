/* Optional enhancement, one file, no dependency. Every page works without it. */
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

  /* Tabs: anchors become a tablist. */
  all('[data-tabs]').forEach(function (nav) {
    var tabs = all('a[href^="#"]', nav);
    if (!tabs.length) return;
    nav.setAttribute('role', 'tablist');
    function pick(tab, focus) {
      tabs.forEach(function (x, i) {
        var p = d.getElementById(x.hash.slice(1)), now = x === tab;
        if (!p) return;
        if (!x.id) x.id = 'tab-' + p.id + '-' + i;
        x.setAttribute('role', 'tab'); x.setAttribute('aria-selected', now);
        x.setAttribute('aria-controls', p.id); x.tabIndex = now ? 0 : -1;
        p.setAttribute('role', 'tabpanel'); p.setAttribute('aria-labelledby', x.id);
        p.tabIndex = 0; p.hidden = !now;
      });
      if (focus) tab.focus();
    }
    nav.addEventListener('click', function (e) {
      var a = e.target.closest('a');
      if (!a) return;
      e.preventDefault(); pick(a);
      if (history.replaceState) history.replaceState(null, '', a.hash);
    });
    nav.addEventListener('keydown', function (e) {
      var i = tabs.indexOf(d.activeElement), step = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
      if (i < 0 || !step) return;
      e.preventDefault(); pick(tabs[(i + step + tabs.length) % tabs.length], true);
    });
    pick(tabs.filter(function (x) { return x.hash === location.hash; })[0] || tabs[0]);
  });

  /* Dialogs: #target becomes modal. */
  on('a[data-dialog]', 'click', function (e) {
    var g = d.querySelector(this.hash);
    if (g && g.showModal) { e.preventDefault(); g.showModal(); }
  });
  on('dialog [data-close]', 'click', function (e) {
    var g = this.closest('dialog');
    if (g.open) { e.preventDefault(); g.close(); }
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
      out.textContent = left < 0 ? '已超出 ' + -left + ' 个字' : '还可以写 ' + left + ' 个字';
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
  function removable(row, list) {
    var button = d.createElement('button');
    button.type = 'button'; button.className = 'link x'; button.textContent = '删除这一行';
    button.addEventListener('click', function () {
      var next = row.nextElementSibling || row.previousElementSibling;
      row.remove(); renumber(list); touched = true;
      var first = next && next.querySelector('input,select,textarea');
      if (first) first.focus();
    });
    (row.querySelector('[data-row-bar]') || row).appendChild(button);
  }
  all('[data-rows]').forEach(function (box) {
    var list = box.querySelector('[data-row-list]'), seed = box.querySelector('template');
    var more = box.querySelector('[data-row-more]'), max = +box.getAttribute('data-rows-max');
    var next = all('[data-row]', list).length;
    all('[data-row]', list).forEach(function (row) { removable(row, list); });
    if (!seed || !more) return;
    more.addEventListener('click', function (e) {
      e.preventDefault();
      if (all('[data-row]', list).length >= max) return;
      var holder = d.createElement('ul');
      holder.innerHTML = seed.innerHTML.replace(/__i__/g, next++);
      var row = holder.firstElementChild;
      list.appendChild(row); removable(row, list); renumber(list);
      all('[data-max]', row).forEach(counter);
      var first = row.querySelector('input:not([type=hidden]),select,textarea');
      if (first) first.focus();
    });
  });

  /* Leaving with unsaved changes is asked about; sending twice sends once. */
  var touched = false;
  on('form[data-guard]', 'input', function () { touched = true; });
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

  /* 复制 and 打印. */
  on('[data-copy]', 'click', function () {
    var from = d.getElementById(this.getAttribute('data-copy')), me = this;
    if (from && navigator.clipboard) navigator.clipboard.writeText(from.textContent.trim()).then(function () { me.textContent = '已复制'; });
  });
  on('[data-print]', 'click', function () { window.print(); });

  /* Weighted score preview; the server computes the score that counts. */
  all('form[data-score]').forEach(function (f) {
    var out = f.querySelector('[data-total]');
    function sum() {
      var total = 0;
      all('fieldset[data-w]', f).forEach(function (s) {
        var r = s.querySelector('input:checked');
        if (r) total += +r.value / 10 * s.getAttribute('data-w');
      });
      if (out) out.textContent = (Math.round(total * 10) / 10).toFixed(1);
    }
    f.addEventListener('change', sum); sum();
  });
})(document);
