/* Tabs: anchors become a tablist. Without this they lead to the sections below. */
(function (d) {
  function all(s, r) { return [].slice.call((r || d).querySelectorAll(s)); }
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
})(document);
