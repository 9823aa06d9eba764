/* 边写边找: a line offers the names that the list has. Without this the near ones are offered once it was sent. */
[].forEach.call(document.querySelectorAll('input[data-lookup]'), function (line) {
  var list = document.getElementById(line.getAttribute('list')), wait;
  function offer(typed) {
    fetch(line.getAttribute('data-lookup') + '?limit=5&text=' + encodeURIComponent(typed), { credentials: 'same-origin' })
      .then(function (answer) { return answer.ok ? answer.json() : { items: [] }; })
      .then(function (found) {
        if (line.value.trim() !== typed) return;
        list.textContent = '';
        found.items.forEach(function (item) { list.appendChild(document.createElement('option')).value = item.name; });
      }, function () {});
  }
  line.addEventListener('input', function () {
    var typed = line.value.trim();
    clearTimeout(wait);
    if (typed.length > 1) wait = setTimeout(offer, 200, typed);
  });
});
