'use strict';
// Draws the server's description and sends requests. Everything is set as text, nothing as HTML.

const $ = (id) => document.getElementById(id);

/** An element with properties and children (nodes or texts). */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function resolve(schema, document_) {
  return schema && schema.$ref ? document_.components.schemas[schema.$ref.split('/').pop()] : schema;
}

/** An example value of a schema; what refers to itself ends after a few steps. */
function example(schema, document_, depth = 0) {
  const one = resolve(schema, document_) ?? {};
  if (one.default !== undefined) return one.default;
  if (one.enum) return one.enum[0];
  const choice = (one.anyOf ?? one.oneOf ?? []).find((each) => each.type !== 'null');
  if (choice) return example(choice, document_, depth);
  if (one.type === 'object' || one.properties) {
    const names = depth > 4 ? [] : Object.keys(one.properties ?? {});
    return Object.fromEntries(names.map((name) => [name, example(one.properties[name], document_, depth + 1)]));
  }
  if (one.type === 'array') return depth > 4 ? [] : [example(one.items ?? one.prefixItems?.[0], document_, depth + 1)];
  if (one.type === 'integer' || one.type === 'number') return one.minimum ?? 0;
  if (one.type === 'boolean') return false;
  return one.format === 'uuid' ? '00000000-0000-4000-8000-000000000000' : '';
}

function parametersTable(parameters) {
  if (!parameters.length) return null;
  const rows = parameters.map((one) =>
    element('tr', {}, element('td', {}, element('code', {}, one.name)), element('td', {}, one.in), element('td', {}, one.required ? 'required' : ''), element('td', {}, one.schema?.type ?? ''))
  );
  return element('table', {}, element('tbody', {}, ...rows));
}

function answers(operation, document_) {
  return Object.entries(operation.responses).map(([status, answer]) => {
    const content = Object.values(answer.content ?? {})[0];
    const shown = content?.examples ? Object.values(content.examples)[0].value : content && example(content.schema, document_);
    return element('div', {}, element('p', {}, element('strong', {}, status), ` ${answer.description}`), status < 300 && shown !== undefined ? element('pre', {}, JSON.stringify(shown, null, 2)) : null);
  });
}

async function send(method, path, operation, form, output) {
  const fields = new FormData(form);
  const query = new URLSearchParams();
  const headers = {};
  let place = path;
  for (const one of operation.parameters) {
    const value = fields.get(`${one.in}:${one.name}`);
    if (one.in === 'path') place = place.replace(`{${one.name}}`, encodeURIComponent(value));
    else if (value && one.in === 'query') query.set(one.name, value);
    else if (value && one.in === 'header') headers[one.name] = value;
  }
  if ($('token').value) headers.Authorization = `Bearer ${$('token').value}`;
  const body = fields.get('body') || undefined;
  if (body) headers['Content-Type'] = 'application/json';
  output.textContent = '…';
  try {
    const answer = await fetch(query.size ? `${place}?${query}` : place, { method, headers, body });
    const text = await answer.text();
    let shown = text;
    try {
      shown = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      /* no JSON: as it is */
    }
    output.textContent = `${answer.status} ${answer.statusText}\n${shown}`;
  } catch (error) {
    output.textContent = `No answer: ${error.message}`;
  }
}

function tryForm(method, path, operation, document_) {
  const output = element('pre', { hidden: true });
  const inputs = operation.parameters.map((one) => element('label', {}, `${one.name} (${one.in})`, element('input', { name: `${one.in}:${one.name}`, required: one.in === 'path' })));
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const body = schema ? element('label', {}, 'Body', element('textarea', { name: 'body', rows: 8, value: JSON.stringify(example(schema, document_), null, 2) })) : null;
  const form = element('form', {}, ...inputs, body, element('button', {}, 'Send'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    output.hidden = false;
    void send(method.toUpperCase(), path, operation, form, output);
  });
  return element('div', {}, form, output);
}

function route(method, path, operation, document_) {
  const head = element('summary', {}, element('span', { className: 'method' }, method.toUpperCase()), element('code', {}, path), element('span', { className: 'what' }, ` — ${operation.summary}`));
  const details = element('details', { id: operation.operationId }, head);
  details.dataset.words = `${method} ${path} ${operation.summary}`.toLowerCase();
  details.addEventListener(
    'toggle',
    () => details.append(element('div', {}, parametersTable(operation.parameters), ...answers(operation, document_)), tryForm(method, path, operation, document_)),
    { once: true }
  );
  return details;
}

async function draw() {
  const document_ = await (await fetch('/api/openapi.json')).json();
  const groups = new Map();
  for (const [path, item] of Object.entries(document_.paths))
    for (const [method, operation] of Object.entries(item)) {
      const tag = operation.tags[0];
      if (!groups.has(tag)) groups.set(tag, element('section', {}, element('h2', {}, tag)));
      groups.get(tag).append(route(method, path, operation, document_));
    }
  $('routes').replaceChildren(...groups.values());
}

$('who').addEventListener('submit', (event) => event.preventDefault());
$('find').addEventListener('input', () => {
  const words = $('find').value.toLowerCase().split(/\s+/);
  for (const one of document.querySelectorAll('details')) one.hidden = !words.every((word) => one.dataset.words.includes(word));
  for (const one of document.querySelectorAll('section')) one.hidden = !one.querySelector('details:not([hidden])');
});
draw().catch((error) => ($('routes').textContent = `The description cannot be read: ${error.message}`));
