// SPDX-License-Identifier: Apache-2.0
// A window onto a long list: only the rows in sight are elements, so that its length costs nothing.
// The window has the focus, a row is its active descendant; arrows, Page, Home, End and Enter work.
import { h } from './dom.js';

let lists = 0;

export class List {
  // role: 'grid' or 'tree'. cells(item) -> {props, children} of a row. key(item) names it. stamp(item)
  // changes when the row must be drawn anew. height() of a row in pixels.
  constructor({ role, label, head, cells, key, stamp, height, choose, keys = () => false }) {
    Object.assign(this, { role, cells, key, stamp, height, choose, keys });
    this.id = `list${++lists}`;
    this.items = [];
    this.drawn = new Map();
    this.active = null;
    this.rows = h('div.rows', { role: role === 'grid' ? 'rowgroup' : 'presentation' });
    const top = head && h('div.top-row', { role: 'rowgroup' },
      h('div.row', { role: 'row' }, head.map(([cls, text]) => h(`span.${cls}`, { role: 'columnheader' }, text))));
    this.el = h('div.window', { role, tabindex: '0', 'aria-label': label, id: this.id }, top, this.rows);
    this.el.addEventListener('scroll', () => { this.onscroll?.(); this.draw(); }, { passive: true });
    this.el.addEventListener('keydown', e => this.key_down(e));
    this.rows.addEventListener('click', e => {
      const row = e.target.closest('.row'), item = row && this.items[row.at];
      if (item) this.pick(item, e);
    });
    new ResizeObserver(() => this.draw()).observe(this.el);
    this.print = () => this.draw(true);
    addEventListener('beforeprint', this.print);
  }

  leave() { removeEventListener('beforeprint', this.print); }

  index(key) { return key === null ? -1 : this.items.findIndex(i => this.key(i) === key); }

  show(items, selected) {
    this.items = items;
    this.selected = selected;
    if (this.role === 'grid') this.el.setAttribute('aria-rowcount', items.length + 1);
    this.draw();
  }

  // Rows of the list in sight, and how they are placed; `all` for paper.
  draw(all = false) {
    const height = this.height(), n = this.items.length, top = this.el.scrollTop, sight = this.el.clientHeight;
    const from = all ? 0 : Math.max(0, Math.floor(top / height) - 6);
    const to = all ? Math.min(n, 400) : Math.min(n, Math.ceil((top + sight) / height) + 6);
    const keep = new Set();
    this.rows.style.height = `${n * height}px`;
    for (let i = from; i < to; i++) {
      const item = this.items[i], key = this.key(item), stamp = this.stamp(item);
      let row = this.drawn.get(key);
      if (!row || row.stamp !== stamp) {
        const made = this.make(item, key, stamp);
        if (row) row.replaceWith(made); else this.rows.append(made);
        this.drawn.set(key, row = made);
      }
      row.at = i;
      row.style.top = `${i * height}px`;
      row.style.height = `${height}px`;
      if (this.role === 'grid') row.setAttribute('aria-rowindex', i + 2);
      row.setAttribute('aria-selected', String(key === this.selected));
      row.classList.toggle('active', key === this.active);
      keep.add(key);
    }
    for (const [key, row] of this.drawn)
      if (!keep.has(key)) { row.remove(); this.drawn.delete(key); }
    if (this.drawn.has(this.active)) this.el.setAttribute('aria-activedescendant', this.drawn.get(this.active).id);
    else this.el.removeAttribute('aria-activedescendant');
  }

  make(item, key, stamp) {
    const { props = {}, children, cls = '' } = this.cells(item);
    const row = h(`div.row${cls}`, { role: this.role === 'grid' ? 'row' : 'treeitem', id: `${this.id}-${key}`, ...props }, children);
    row.stamp = stamp;
    return row;
  }

  pick(item, event) {
    this.active = this.key(item);
    this.choose(item, event);
    this.draw();
  }

  reveal(i) {
    const height = this.height(), head = this.el.querySelector('.top-row')?.offsetHeight || 0;
    if (i * height < this.el.scrollTop) this.el.scrollTop = i * height;
    else if ((i + 1) * height + head > this.el.scrollTop + this.el.clientHeight)
      this.el.scrollTop = (i + 1) * height + head - this.el.clientHeight;
  }

  to_end() { this.el.scrollTop = this.el.scrollHeight; }

  key_down(e) {
    const n = this.items.length, page = Math.max(1, Math.floor(this.el.clientHeight / this.height()) - 1);
    let at = this.index(this.active);
    if (at < 0) at = this.index(this.selected);
    const moves = { ArrowDown: at + 1, ArrowUp: at < 0 ? n - 1 : at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: n - 1 };
    if (e.altKey || e.ctrlKey || e.metaKey || !n) return;
    if (e.key in moves) {
      at = Math.min(n - 1, Math.max(0, moves[e.key]));
      this.active = this.key(this.items[at]);
      this.reveal(at);
      this.draw();
    } else if ((e.key === 'Enter' || e.key === ' ') && at >= 0) {
      this.pick(this.items[at], e);
    } else if (at < 0 || !this.keys(e.key, this.items[at])) {
      return;
    }
    e.preventDefault();
  }
}
