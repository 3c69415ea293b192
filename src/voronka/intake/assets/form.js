/* Voronka: takes a form of this page to the sales department, with the marks of where its visitor came from.
   Usage: <script src="https://CRM/in/KEY/form.js" async></script>
   Binds every <form data-voronka>; without one draws a small form into [data-voronka-form] or after the script. */
(function () {
  'use strict';
  var setup = __VORONKA__;
  var words = setup.words;
  var script = document.currentScript || lastScript();
  var target = script.src.replace(/\/form\.js.*$/, '');
  var started = Date.now();
  var OUTBOX = 'voronka_outbox_' + setup.key.slice(0, 8);
  var TOUCH = 'voronka_touch';
  var CLICKS = ['yclid', 'gclid', 'fbclid', 'vk_click_id', 'rb_clickid', 'roistat'];
  var COOKIES = ['_ym_uid', '_ga', 'roistat_visit'];
  var MOST_TRIES = 12;

  function lastScript() {
    var all = document.querySelectorAll('script[src*="/in/' + setup.key + '/form.js"]');
    return all[all.length - 1];
  }

  /* -- what the visit brings along ---------------------------------------------------------------- */

  function read(key) {
    try { return JSON.parse(window.localStorage.getItem(key)); } catch (error) { return null; }
  }

  function write(key, value) {
    try { window.localStorage.setItem(key, JSON.stringify(value)); } catch (error) { /* a private window */ }
  }

  function marksOf(address) {
    var marks = {};
    var query = address.split('#')[0].split('?')[1] || '';
    query.split('&').forEach(function (part) {
      var at = part.indexOf('=');
      var name = decode(at < 0 ? part : part.slice(0, at)).toLowerCase();
      if (at > 0 && (name.indexOf('utm_') === 0 || CLICKS.indexOf(name) >= 0)) marks[name] = decode(part.slice(at + 1));
    });
    return marks;
  }

  function decode(text) {
    try { return decodeURIComponent(text.replace(/\+/g, ' ')); } catch (error) { return text; }
  }

  function cookie(name) {
    var found = document.cookie.match(new RegExp('(?:^|; )' + name + '=([^;]*)'));
    return found ? decode(found[1]) : '';
  }

  /* The marks of the visit that had any, kept while the visitor walks from page to page. */
  function touch() {
    var marks = marksOf(window.location.href);
    var outside = document.referrer && document.referrer.indexOf(window.location.origin) !== 0;
    var kept = read(TOUCH) || {};
    if (Object.keys(marks).length || outside) {
      kept = { marks: marks, referrer: outside ? document.referrer : '' };
      write(TOUCH, kept);
    }
    return kept;
  }

  function context() {
    var kept = touch();
    var fields = { page: window.location.href, referrer: kept.referrer || document.referrer || '' };
    Object.keys(kept.marks || {}).forEach(function (name) { fields[name] = kept.marks[name]; });
    COOKIES.forEach(function (name) { if (cookie(name)) fields[name] = cookie(name); });
    fields.elapsed_ms = String(Date.now() - started);
    return fields;
  }

  function newId() {
    var bytes = new Uint8Array(16);
    (window.crypto || window.msCrypto).getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
  }

  /* -- sending: what could not be sent waits in this browser and is tried again --------------------- */

  function encode(fields) {
    return fields.map(function (pair) {
      return encodeURIComponent(pair[0]) + '=' + encodeURIComponent(pair[1]);
    }).join('&');
  }

  function post(body, done) {
    var request = new XMLHttpRequest();
    request.open('POST', target);
    request.timeout = 20000;
    if (typeof body === 'string') request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded; charset=utf-8');
    request.setRequestHeader('Accept', 'application/json');
    request.onload = function () { done(request.status, request.responseText); };
    request.onerror = request.ontimeout = function () { done(0, ''); };
    request.send(body);
  }

  function passing(status) { return status === 0 || status === 429 || status >= 500; }

  function deliver(item, report) {
    post(item.body, function (status, text) {
      if (status >= 200 && status < 300) { forget(item); report('sent'); return; }
      if (!passing(status)) { forget(item); report('refused', text); return; }
      item.tries += 1;
      if (item.tries >= MOST_TRIES) { forget(item); report('failed'); return; }
      remember(item);
      report('waiting');
      window.setTimeout(function () { deliver(item, report); }, Math.min(60000, 1500 * Math.pow(2, item.tries)));
    });
  }

  function remember(item) {
    if (typeof item.body !== 'string') return;
    write(OUTBOX, others(item).concat([item]));
  }

  function forget(item) { write(OUTBOX, others(item)); }

  function others(item) {
    return (read(OUTBOX) || []).filter(function (kept) { return kept.id !== item.id; });
  }

  function flush() {
    (read(OUTBOX) || []).forEach(function (item) { item.tries = 0; deliver(item, function () {}); });
  }

  /* -- a form ------------------------------------------------------------------------------------- */

  function bind(form) {
    if (form.voronka) return;
    form.voronka = newId();
    trap(form);
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      submit(form);
    });
  }

  /* A field that people do not see and robots fill. */
  function trap(form) {
    if (!setup.honeypot || form.elements[setup.honeypot]) return;
    var input = document.createElement('input');
    input.name = setup.honeypot;
    input.tabIndex = -1;
    input.autocomplete = 'off';
    input.setAttribute('aria-hidden', 'true');
    input.style.position = 'absolute';
    input.style.left = '-9999px';
    form.appendChild(input);
  }

  function submit(form) {
    var extra = context();
    extra.submission_id = form.voronka;
    var button = form.querySelector('[type=submit],button:not([type])');
    var item = { id: form.voronka, tries: 0, body: bodyOf(form, extra) };
    if (button) button.disabled = true;
    say(form, words.sending);
    deliver(item, function (state, text) {
      if (button) button.disabled = state === 'sent' || state === 'waiting';
      if (state === 'sent') { form.voronka = newId(); form.reset(); if (button) button.disabled = false; }
      say(form, state === 'refused' ? reason(text) : words[{ sent: 'thanks', waiting: 'away', failed: 'failed' }[state]]);
    });
  }

  function bodyOf(form, extra) {
    var data = new FormData(form);
    var hasFile = false;
    var pairs = [];
    data.forEach(function (value, name) {
      if (typeof value === 'string') pairs.push([name, value]);
      else if (value.size) hasFile = true;
    });
    Object.keys(extra).forEach(function (name) {
      if (extra[name] && !data.has(name)) { pairs.push([name, extra[name]]); data.append(name, extra[name]); }
    });
    return hasFile ? data : encode(pairs);
  }

  function reason(text) {
    try {
      var errors = JSON.parse(text).errors;
      return Object.keys(errors).map(function (name) { return errors[name]; }).join(' ');
    } catch (error) { return words.failed; }
  }

  function say(form, text) {
    var line = form.querySelector('[data-voronka-says]');
    if (!line) {
      line = document.createElement('p');
      line.setAttribute('data-voronka-says', '');
      line.setAttribute('role', 'status');
      form.appendChild(line);
    }
    line.textContent = text;
  }

  /* -- the small form we draw ourselves ----------------------------------------------------------- */

  function draw(place) {
    var form = document.createElement('form');
    form.appendChild(field('name', words.name, 'text', 'name'));
    form.appendChild(field('phone', words.phone, 'tel', 'tel', true));
    form.appendChild(field('comment', words.comment, 'textarea', 'off'));
    var button = document.createElement('button');
    button.type = 'submit';
    button.textContent = words.send;
    css(button, { font: 'inherit', padding: '10px 18px', border: '0', borderRadius: '8px', background: '#1f6feb',
      color: '#fff', cursor: 'pointer' });
    form.appendChild(button);
    place.appendChild(form);
    bind(form);
  }

  function field(name, title, type, autocomplete, required) {
    var label = document.createElement('label');
    var input = document.createElement(type === 'textarea' ? 'textarea' : 'input');
    if (type !== 'textarea') input.type = type;
    input.name = name;
    input.autocomplete = autocomplete;
    input.required = !!required;
    css(label, { display: 'block', margin: '0 0 12px' });
    css(input, { display: 'block', boxSizing: 'border-box', width: '100%', marginTop: '4px', padding: '10px 12px',
      font: 'inherit', color: 'inherit', background: 'transparent', border: '1px solid #8893a3', borderRadius: '8px' });
    label.appendChild(document.createTextNode(title));
    label.appendChild(input);
    return label;
  }

  function css(node, rules) {
    Object.keys(rules).forEach(function (name) { node.style[name] = rules[name]; });
  }

  function place() {
    var named = document.querySelector('[data-voronka-form]');
    if (named) return named;
    var made = document.createElement('div');
    if (document.head.contains(script)) document.body.appendChild(made);
    else script.parentNode.insertBefore(made, script.nextSibling);
    return made;
  }

  function start() {
    touch();
    var forms = document.querySelectorAll('form[data-voronka]');
    Array.prototype.forEach.call(forms, bind);
    if (!forms.length) draw(place());
    flush();
    window.addEventListener('online', flush);
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
