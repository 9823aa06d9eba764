// 通行密钥: asks the authenticator and sends what it says with the form. The server judges it.
'use strict'
{
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0))
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  const hash = async data => new Uint8Array(await crypto.subtle.digest('SHA-256', data))
  const hex = array => Array.from(array, b => b.toString(16).padStart(2, '0')).join('')
  const known = list => (list || []).map(one => ({ ...one, id: bytes(one.id) }))

  class Said extends Error {}
  const words = {
    NotAllowedError: '没有完成：取消了，或者超过了时间。可以再试一次',
    InvalidStateError: '这台设备已经登记过，直接使用即可',
    NotSupportedError: '这台设备不能做通行密钥，换一台，或者用手机扫码',
    SecurityError: '这个网址不能用通行密钥',
  }

  async function ask(form) {
    const answer = await fetch(form.dataset.begin, {
      method: 'POST', body: new URLSearchParams({ _csrf: form.elements._csrf.value }), redirect: 'error',
    }).catch(() => { throw new Said('网络不通，或者登录已过期，刷新页面后再试') })
    if (answer.status === 429) throw new Said('尝试次数较多，稍后再试')
    if (!answer.ok) throw new Said('页面停留太久，刷新后再试')
    return answer.json()
  }

  async function create(o) {
    const made = await navigator.credentials.create({ publicKey: {
      ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) },
      excludeCredentials: known(o.excludeCredentials),
    } })
    return { clientDataJSON: made.response.clientDataJSON, attestationObject: made.response.attestationObject, made }
  }

  async function get(o) {
    const made = await navigator.credentials.get({ publicKey: {
      ...o, challenge: bytes(o.challenge), allowCredentials: known(o.allowCredentials),
    } })
    const { clientDataJSON, authenticatorData, signature, userHandle } = made.response
    return { clientDataJSON, authenticatorData, signature, userHandle, made }
  }

  // What is signed is what this page shows, over the text that the server gives out.
  async function same(form) {
    const out = form.querySelector('[data-same]')
    const file = await fetch(form.dataset.text).then(r => r.arrayBuffer()).catch(() => null)
    const right = file && hex(await hash(file)) === form.dataset.digest
    out.className = right ? 's t ok' : 's t bad'
    out.textContent = right ? '浏览器重算了协议文本的指纹，与声明写明的一致' : '协议文本的指纹与声明写明的不一致，不要签署，刷新后再看'
    return right
  }

  async function run(form, tell) {
    tell(form.dataset.passkey === 'create' ? '按浏览器的提示登记' : '按浏览器的提示验证本人')
    if (form.dataset.text && !await same(form)) throw new Said('')
    const options = await ask(form)
    if (form.dataset.statement) {
      const shown = document.getElementById(form.dataset.statement).textContent
      if (text(await hash(new TextEncoder().encode(shown))) !== options.challenge) {
        throw new Said('这一页显示的声明与要签的不是同一份，没有签署。刷新后再看')
      }
    }
    const { made, ...parts } = form.dataset.passkey === 'create' ? await create(options) : await get(options)
    const response = {}
    for (const [name, part] of Object.entries(parts)) if (part) response[name] = text(part)
    form.elements[form.dataset.field].value = JSON.stringify({ id: made.id, rawId: made.id, type: made.type, response })
    form.submit()
  }

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    const told = form.querySelector('[data-told]')
    const tell = sentence => { told.textContent = sentence }
    if (!window.PublicKeyCredential || !window.isSecureContext) continue
    tell('')
    form.querySelector('[hidden]').hidden = false
    if (form.dataset.text) same(form)
    form.addEventListener('submit', event => {
      event.preventDefault()
      run(form, tell).catch(fault => tell(fault instanceof Said ? fault.message : words[fault.name] || '没有完成，刷新页面后再试一次'))
    })
  }
}
