/* 一级与二级: the list below shows what belongs to the answer above. Without this it has all, by group. */
[].forEach.call(document.querySelectorAll('select[data-above]'), function (below) {
  var above = document.getElementById(below.getAttribute('data-above'));
  if (!above) return;
  function belongs(group) { return !above.value || group.getAttribute('data-group') === above.value; }
  function narrow() {
    [].forEach.call(below.querySelectorAll('optgroup'), function (group) { group.hidden = !belongs(group); });
  }
  above.addEventListener('change', function () {
    var taken = below.selectedOptions[0], group = taken && taken.parentNode;
    narrow();
    if (!group || !group.hidden) return;
    below.value = '';
    below.dispatchEvent(new Event('input', { bubbles: true }));
  });
  /* A draft may have been put together meanwhile. */
  below.addEventListener('focus', narrow);
  narrow();
});
