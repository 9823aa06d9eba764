/* 上传: files in pieces, one after the other, with progress, pause and resume. Without this script the form sends them whole. */
(function (d) {
  if (!window.fetch || !window.Blob || !Blob.prototype.arrayBuffer) return;
  var API = '/api/v1/uploads';

  /* SHA-256, piece by piece: browsers digest only what is in memory as a whole. */
  var K = [], H = [];
  (function () {
    for (var n = 2, i = 0; i < 64; n++) {
      for (var p = 2, prime = true; p * p <= n; p++) if (n % p === 0) { prime = false; break; }
      if (!prime) continue;
      if (i < 8) H[i] = part(Math.sqrt(n));
      K[i++] = part(Math.cbrt(n));
    }
    function part(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
  })();
  function Digest() { this.h = H.slice(); this.rest = new Uint8Array(64); this.n = 0; this.size = 0; this.w = new Int32Array(64); }
  Digest.prototype.block = function (b, o) {
    var w = this.w, h = this.h, i;
    for (i = 0; i < 16; i++) w[i] = b[o + i * 4] << 24 | b[o + i * 4 + 1] << 16 | b[o + i * 4 + 2] << 8 | b[o + i * 4 + 3];
    for (; i < 64; i++) {
      var x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
    }
    var a = h[0], c = h[1], e = h[2], f = h[3], g = h[4], j = h[5], k = h[6], l = h[7];
    for (i = 0; i < 64; i++) {
      var t = l + ((g >>> 6 | g << 26) ^ (g >>> 11 | g << 21) ^ (g >>> 25 | g << 7)) + (g & j ^ ~g & k) + K[i] + w[i] | 0;
      var u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & c ^ a & e ^ c & e) | 0;
      l = k; k = j; j = g; g = f + t | 0; f = e; e = c; c = a; a = t + u | 0;
    }
    [a, c, e, f, g, j, k, l].forEach(function (v, i) { h[i] = h[i] + v | 0; });
  };
  Digest.prototype.add = function (b) {
    var o = 0;
    this.size += b.length;
    if (this.n) {
      while (this.n < 64 && o < b.length) this.rest[this.n++] = b[o++];
      if (this.n < 64) return this;
      this.block(this.rest, 0); this.n = 0;
    }
    for (; o + 64 <= b.length; o += 64) this.block(b, o);
    while (o < b.length) this.rest[this.n++] = b[o++];
    return this;
  };
  Digest.prototype.hex = function () {
    var bits = this.size * 8, end = new Uint8Array((this.n < 56 ? 64 : 128) - this.n);
    end[0] = 128;
    for (var i = 0; i < 8; i++) end[end.length - 1 - i] = Math.floor(bits / Math.pow(256, i)) % 256;
    this.add(end);
    return this.h.map(function (v) { return ('0000000' + (v >>> 0).toString(16)).slice(-8); }).join('');
  };

  function mb(n) { return (n / 1048576).toFixed(1) + ' MB'; }

  [].forEach.call(d.querySelectorAll('input[type=file][data-upload]'), function (input) {
    var form = input.form, token = form.elements._csrf.value, box = d.createElement('div');
    var bar = d.createElement('progress'), said = d.createElement('p'), row = d.createElement('p');
    var toggle = button('暂停'), stop = button('取消'), kept = [], job = null, wanted = false;
    var many = input.multiple, queue = [], log = d.createElement('ul');
    box.hidden = true; box.className = 'st-s'; row.className = 'row'; said.className = 'hint'; said.setAttribute('role', 'status');
    bar.max = 100; bar.className = 'up'; bar.setAttribute('aria-label', '上传进度');
    row.appendChild(toggle); row.appendChild(stop);
    box.appendChild(bar); box.appendChild(said); box.appendChild(row); box.appendChild(log); log.className = 's';
    input.parentNode.appendChild(box);

    function button(words) {
      var b = d.createElement('button');
      b.type = 'button'; b.className = 'btn sm'; b.textContent = words;
      return b;
    }
    function say(words) { said.textContent = words; }
    function line(words) { if (many) log.appendChild(d.createElement('li')).textContent = words; }
    function note(name, value) {
      var x = d.createElement('input');
      x.type = 'hidden'; x.name = input.name + name; x.value = value; kept.push(form.appendChild(x));
    }
    function next() {
      if (queue.length) start(queue.shift());
      else if (wanted) { wanted = false; form.requestSubmit ? form.requestSubmit() : form.submit(); }
    }
    function ask(method, path, body, kind) {
      var headers = { 'x-csrf-token': token };
      if (kind) headers['content-type'] = kind;
      return fetch(API + path, { method: method, headers: headers, body: body, credentials: 'same-origin' }).then(function (r) {
        if (r.status === 204) return {};
        return r.json().catch(function () { return {}; }).then(function (v) {
          if (r.ok) return v;
          var e = new Error(v.detail || '没有传成，再试一次'); e.status = r.status; throw e;
        });
      });
    }
    function post(path, value) { return ask('POST', path, JSON.stringify(value), 'application/json'); }

    function start(file) {
      var me = { file: file, paused: false, tries: 0 };
      var key = 'up:' + file.name + ':' + file.size + ':' + file.lastModified;
      job = me; box.hidden = false; row.hidden = false; bar.value = 0; toggle.textContent = '暂停';
      if (file.size > +input.getAttribute('data-max')) { fail(input.getAttribute('data-over')); return; }
      me.run = function () {
        var id = get(key);
        (id ? ask('GET', '/' + id).catch(function (e) { if (e.status === 404) return null; throw e; }) : Promise.resolve(null))
          .then(function (up) { return up || post('', { name: file.name, size_bytes: file.size }); })
          .then(function (up) { me.id = up.id; put(key, up.id); return send(up, new Digest(), 0); })
          .catch(broke);
      };
      function send(up, whole, at) {
        if (job !== me || me.paused) return;
        if (at >= file.size) return finish(whole.hex());
        var n = Math.min(up.piece_bytes, file.size - at), known = at < up.offset;
        if (known) n = Math.min(n, up.offset - at);
        return file.slice(at, at + n).arrayBuffer().then(function (buffer) {
          var bytes = new Uint8Array(buffer);
          if (known) return up;
          var digest = new Digest().add(bytes).hex();
          return job !== me || me.paused ? null : ask('PATCH', '/' + up.id + '?offset=' + at + '&digest=' + digest, buffer, 'application/octet-stream');
        }).then(function (next) {
          if (!next) return;
          me.tries = 0;
          /* The bytes are read again rather than held beside the request. */
          return file.slice(at, at + n).arrayBuffer().then(function (buffer) {
            whole.add(new Uint8Array(buffer));
            at += n; bar.value = at * 100 / file.size;
            say((many ? file.name + '：' : '') + '已上传 ' + Math.floor(bar.value) + '%（' + mb(at) + ' / ' + mb(file.size) + '）');
            return send(next, whole, at);
          });
        });
      }
      function finish(digest) {
        row.hidden = true; say('已传完，正在检查');
        return post('/' + me.id + '/complete', { digest: digest }).then(function (file) {
          drop(key); keep(file);
        });
      }
      function broke(e) {
        if (job !== me) return;
        if (e.status === 409 && me.tries++ < 5) return me.run();
        if (e.status && e.status !== 503 && e.status !== 429 && e.status < 500) { drop(key); fail(e.message); return; }
        me.paused = true; toggle.textContent = '继续'; row.hidden = false;
        say((e.status ? e.message + '。' : '') + '上传停在 ' + Math.floor(bar.value) + '%，网络恢复后从这里继续');
        setTimeout(function () { if (job === me && me.paused === true) resume(); }, Math.min(60000, 3000 * Math.pow(2, me.tries++)));
      }
      me.run();
    }
    function resume() { job.paused = false; toggle.textContent = '暂停'; say('继续上传'); job.run(); }
    function keep(file) {
      job = null; bar.value = 100;
      note('.kept', file.digest); input.value = ''; row.hidden = true;
      line(file.name + '：已传完');
      say(many ? '已传完，按下面的按钮列入材料' : '已上传：' + file.name + '，指纹 ' + file.digest.replace(/(.{8})/g, '$1 ').trim());
      next();
    }
    function fail(words, told) {
      var name = job.file.name;
      job = null; input.value = ''; row.hidden = true; bar.value = 0; say(words);
      if (!many) { wanted = false; return; }
      line(name + '：' + words);
      if (!told) note('.not', name + '\n' + words);
      next();
    }
    function get(key) { try { return localStorage.getItem(key); } catch (e) { return null; } }
    function put(key, id) { try { localStorage.setItem(key, id); } catch (e) { /* resumes until the page is left */ } }
    function drop(key) { try { localStorage.removeItem(key); } catch (e) { /* nothing was kept */ } }

    input.addEventListener('change', function () {
      if (!input.files[0]) return;
      if (!many) { queue = []; job = null; kept.splice(0).forEach(function (x) { x.remove(); }); }
      queue = queue.concat([].slice.call(input.files));
      if (!job) next();
    });
    toggle.addEventListener('click', function () {
      if (!job) return;
      if (job.paused) { resume(); return; }
      job.paused = 'by hand'; toggle.textContent = '继续'; say('已暂停在 ' + Math.floor(bar.value) + '%');
    });
    stop.addEventListener('click', function () {
      if (job && job.id) ask('DELETE', '/' + job.id).catch(function () { /* it runs out by itself */ });
      if (job) fail('已取消，没有上传', true);
    });
    window.addEventListener('online', function () { if (job && job.paused === true) resume(); });
    form.addEventListener('submit', function (e) {
      if (!job) return;
      e.preventDefault(); e.stopImmediatePropagation(); wanted = true;
      say('还在上传，传完自动提交');
    }, true);
  });
})(document);
