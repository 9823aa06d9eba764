// 核对指纹: the digest of a file on this machine beside the one that is stored. Nothing is sent.
'use strict'
for (const input of document.querySelectorAll('[data-digest]')) {
  const told = document.getElementById(input.dataset.told)
  input.closest('[hidden]')?.removeAttribute('hidden')
  input.addEventListener('change', async () => {
    const [file] = input.files
    if (!file) return
    if (!crypto.subtle) {
      told.textContent = '这个浏览器在这里算不了指纹，用 sha256sum 命令核对'
      return
    }
    const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    const hex = Array.from(new Uint8Array(hash), b => b.toString(16).padStart(2, '0')).join('')
    const same = hex === input.dataset.digest
    const what = input.dataset.what || '签署的文本'
    told.className = same ? 't ok' : 't bad'
    told.textContent = same
      ? `一致：“${file.name}”就是${what}`
      : `不一致：“${file.name}”的指纹是 ${hex}，不是${what}`
  })
}
