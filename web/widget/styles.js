/** The looks, in the shadow root only: nothing of the host page comes in, nothing goes out. */
export const STYLES = `
/* Without a box of its own no rule of the page reaches further than the element, and !important in
   here goes before !important out there. Only [hidden] is the page's to say. */
:host { all: initial !important; display: contents !important; }
:host([hidden]) { display: none !important; }
.root {
  display: contents;
  direction: ltr;
  --accent: #0c5a64;
  --accent-deep: #08424a;
  --accent-soft: #e4f0f1;
  --ink: #14262b;
  --muted: #51656b;
  --line: #d5e0e2;
  --ground: #f3f7f7;
  --surface: #fff;
  --staff: #7a4508;
  --staff-deep: #5c3305;
  --staff-soft: #fdf5e9;
  --staff-line: #ecd9bb;
  --alarm: #a3241a;
  --focus: #0b7c8a;
  --star: #b86e00;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Noto Sans CJK SC",
    "Noto Sans SC", "Microsoft YaHei", sans-serif;
  font-size: 15px;
  line-height: 1.55;
  color: var(--ink);
  color-scheme: light;
  -webkit-text-size-adjust: 100%;
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
p, h2, h3, fieldset, legend { margin: 0; padding: 0; border: 0; font: inherit; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; margin: 0; cursor: pointer;
  -webkit-tap-highlight-color: transparent; touch-action: manipulation; }
button:disabled { cursor: default; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round;
  stroke-linejoin: round; flex: none; display: block; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher { position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right));
  bottom: max(20px, env(safe-area-inset-bottom)); display: inline-flex; align-items: center; gap: 10px; min-height: 56px;
  padding: 0 22px 0 18px; border-radius: 28px; background: var(--accent); color: #fff; font-size: 16px; font-weight: 600;
  box-shadow: 0 2px 6px rgb(6 38 43 / .2), 0 8px 24px rgb(6 38 43 / .26); transition: background-color .15s; }
.launcher:hover { background: var(--accent-deep); }
.launcher:focus-visible { outline-color: #fff; outline-offset: -5px; }
.count { position: absolute; top: -5px; right: -3px; min-width: 24px; height: 24px; padding: 0 7px; border-radius: 12px;
  background: var(--alarm); color: #fff; font-size: 13px; line-height: 24px; text-align: center; box-shadow: 0 0 0 2px #fff; }

.panel { position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right));
  bottom: max(20px, env(safe-area-inset-bottom)); width: 400px; height: min(700px, calc(100vh - 40px));
  display: flex; flex-direction: column; overflow: hidden; border-radius: 18px; background: var(--ground);
  box-shadow: 0 0 0 1px rgb(6 38 43 / .08), 0 4px 12px rgb(6 38 43 / .1), 0 18px 48px rgb(6 38 43 / .24);
  animation: rise .18s ease-out; }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }

.header { position: relative; z-index: 2; flex: none; display: flex; align-items: center; gap: 2px; padding: 10px 8px 10px 16px;
  color: #fff; background: linear-gradient(115deg, var(--accent-deep), var(--accent)); }
.with-staff .header { background: linear-gradient(115deg, var(--staff-deep), var(--staff)); }
.header :focus-visible { outline-color: #fff; outline-offset: -4px; }
.avatar { position: relative; flex: none; width: 38px; height: 38px; margin-right: 10px; border-radius: 50%; display: grid;
  place-items: center; background: rgb(255 255 255 / .16); }
.with-staff .avatar::after { content: ""; position: absolute; right: -1px; bottom: -1px; width: 11px; height: 11px; border-radius: 50%;
  background: #5fd08a; border: 2px solid var(--staff-deep); }
.titles { flex: 1; min-width: 0; }
.titles h2, .titles p { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.titles h2 { font-size: 17px; font-weight: 650; line-height: 1.35; }
.titles p { font-size: 12.5px; line-height: 1.4; color: #e3eff0; }
.languages { display: flex; flex: none; }
.languages button { min-width: 44px; height: 44px; display: grid; place-items: center; font-size: 13px; color: #e3eff0;
  border-radius: 10px; }
.languages span { padding: 1px 7px; border-radius: 12px; border: 1px solid transparent; line-height: 22px; white-space: nowrap; }
.languages button[aria-pressed=true] { color: #fff; }
.languages button[aria-pressed=true] span { border-color: rgb(255 255 255 / .6); background: rgb(255 255 255 / .14); }
.languages button:hover { color: #fff; }
.icon-button { flex: none; width: 44px; height: 44px; display: grid; place-items: center; border-radius: 10px; }
.icon-button:hover { background: rgb(255 255 255 / .12); }
.menu-place { position: relative; flex: none; }
.menu-place .icon-button svg { stroke-width: 2.6; }
.menu { position: absolute; top: calc(100% + 4px); right: 0; min-width: 176px; padding: 6px; border-radius: 12px; background: var(--surface);
  color: var(--ink); box-shadow: 0 0 0 1px rgb(6 38 43 / .1), 0 8px 28px rgb(6 38 43 / .24); }
.menu button { display: block; width: 100%; min-height: 44px; padding: 8px 14px; border-radius: 8px; text-align: left; white-space: nowrap; }
.menu button:hover { background: var(--accent-soft); }
.menu :focus-visible { outline-color: var(--focus); outline-offset: -3px; }

.connection { flex: none; display: flex; align-items: center; justify-content: center; gap: 10px; padding: 7px 16px;
  background: #fff4d6; color: #5c4300; font-size: 13.5px; border-bottom: 1px solid #ecdba6; }
.connection::before { content: ""; width: 9px; height: 9px; border-radius: 50%; background: #a87400; animation: pulse 1.4s infinite; }
.connection:empty { display: none; }
@keyframes pulse { 50% { opacity: .25; } }

.scroller { position: relative; flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 14px 16px 18px;
  scrollbar-width: thin; scrollbar-color: #b6c7ca transparent; }
.below { position: relative; flex: none; }
.news { position: absolute; left: 50%; bottom: calc(100% + 8px); transform: translateX(-50%); display: inline-flex; align-items: center;
  gap: 6px; min-height: 44px; padding: 0 18px 0 14px; border-radius: 22px; background: var(--accent); color: #fff; font-size: 14px;
  font-weight: 600; white-space: nowrap; box-shadow: 0 4px 14px rgb(6 38 43 / .28); }
.news svg { width: 18px; height: 18px; }
.composer { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 0 4px; padding: 10px 12px max(10px, env(safe-area-inset-bottom)) 14px;
  background: var(--surface); border-top: 1px solid var(--line); }
.attach { flex: none; width: 44px; height: 44px; display: grid; place-items: center; border-radius: 50%; color: var(--accent); }
.attach:hover { background: var(--accent-soft); }
.field { flex: 1; min-width: 160px; }
textarea { display: block; width: 100%; height: 44px; max-height: 132px; resize: none; margin: 0; padding: 9px 14px; border: 1px solid #88a0a6;
  border-radius: 22px; background: var(--surface); color: var(--ink); font: inherit; font-size: 16px; line-height: 24px; overflow-y: auto;
  scrollbar-width: thin; }
textarea::placeholder { color: #5f7379; opacity: 1; }
textarea:focus { border-color: var(--accent); outline: 2px solid var(--accent); outline-offset: -2px; }
textarea[aria-invalid=true] { border-color: var(--alarm); outline-color: var(--alarm); }
.limit { padding: 4px 14px 0; text-wrap: balance; font-size: 13px; line-height: 1.4; color: var(--muted); font-variant-numeric: tabular-nums; }
.limit.over { color: var(--alarm); }
.send { flex: none; width: 44px; height: 44px; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: #fff;
  transition: background-color .15s; }
.send svg { width: 22px; height: 22px; margin-right: 1px; }
.send:hover { background: var(--accent-deep); }
.send:disabled { background: #dde7e8; color: #5f7379; }
.chip { flex: 1 0 100%; min-width: 0; display: flex; align-items: center; gap: 10px; margin-bottom: 8px; padding: 6px 2px 6px 6px; border-radius: 12px; border: 1px solid var(--line);
  background: var(--ground); font-size: 13.5px; }
.chip img { flex: none; width: 52px; height: 52px; border-radius: 8px; object-fit: cover; background: #e6edee; }
.chip-name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.chip-size { flex: none; color: var(--muted); font-variant-numeric: tabular-nums; }
.chip button { flex: none; width: 44px; height: 44px; display: grid; place-items: center; border-radius: 10px; }
.chip button svg { width: 20px; height: 20px; }
.drop { position: absolute; inset: 8px; z-index: 3; display: none; place-items: center; border-radius: 14px; border: 2px dashed var(--accent);
  background: rgb(243 247 247 / .94); color: var(--accent); font-weight: 600; pointer-events: none; }
.dropping .drop { display: grid; }

.log { display: flex; flex-direction: column; gap: 6px; }
.day, .note { align-self: center; text-align: center; color: var(--muted); font-size: 13px; }
.day { display: flex; align-items: center; align-self: stretch; gap: 12px; margin: 10px 0 0; font-size: 12.5px; }
.day::before, .day::after { content: ""; flex: 1; height: 1px; background: var(--line); }
.note { margin: 10px 0 4px; padding: 6px 14px; max-width: 92%; border-radius: 12px; background: #e6edee; color: #3f5359;
  overflow-wrap: anywhere; white-space: pre-wrap; }
.message { display: flex; flex-direction: column; align-items: flex-start; max-width: 100%; position: relative; }
.message.first { margin-top: 10px; }
.message.customer { align-items: flex-end; }
.sender { display: flex; align-items: center; gap: 7px; margin-bottom: 5px; font-size: 13px; font-weight: 600; color: var(--accent); }
.sender time { font-weight: 400; color: var(--muted); font-variant-numeric: tabular-nums; }
.badge { width: 24px; height: 24px; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: #fff; }
.badge svg { width: 17px; height: 17px; stroke-width: 1.6; }
.staff .sender { color: var(--staff); }
.staff .badge { background: var(--staff); }
.bubble { max-width: 88%; padding: 9px 14px; border-radius: 4px 16px 16px 16px; background: var(--surface);
  border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; text-wrap: pretty; }
a[href^="tel:"] { white-space: nowrap; }
.bubble a, .note a, td a { color: var(--accent); text-underline-offset: 2px; }
.staff .bubble { background: var(--staff-soft); border-color: var(--staff-line); }
.message:not(.first) .bubble { border-top-left-radius: 16px; }
.customer .bubble { border-radius: 16px 4px 16px 16px; background: var(--accent); border-color: var(--accent); color: #fff; }
.customer:not(.first) .bubble { border-radius: 16px; }
.customer.waiting .bubble { background: var(--surface); color: var(--ink); border: 1px dashed #6d868c; }
.customer.failed .bubble { background: var(--surface); color: var(--ink); border-color: var(--alarm); }
.state { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 0 4px; font-size: 13px; color: var(--muted);
  margin-top: 2px; padding-right: 2px; text-align: right; }
.failed .state { color: var(--alarm); }
.state button { min-height: 44px; min-width: 44px; padding: 0 8px; color: var(--accent); font-weight: 600; text-decoration: underline;
  text-underline-offset: 3px; }
.sending .state { animation: appear .01s .7s both; }
@keyframes appear { from { visibility: hidden; } }
.picture { max-width: 88%; overflow: hidden; border-radius: 14px; border: 1px solid var(--line); background: #e6edee; }
.bubble + .picture { margin-top: 4px; }
.picture img { display: block; height: 180px; min-width: 96px; max-width: 100%; object-fit: cover; }
.picture p { display: flex; align-items: center; gap: 8px; padding: 10px 14px; font-size: 14px; color: #3f5359; }
.waiting .picture, .sending .picture { opacity: .75; }
.failed .picture { border-color: var(--alarm); }

.cards { width: 100%; margin-top: 8px; }
.cards.several { display: flex; gap: 10px; margin: 8px -16px 0; padding: 0 16px 8px; width: calc(100% + 32px); overflow-x: auto;
  scroll-snap-type: x proximity; scroll-padding: 0 16px; scrollbar-width: thin; scrollbar-color: #b6c7ca transparent; }
.cards.several:focus-visible { outline-offset: -3px; border-radius: 10px; }
.cards.several .card { flex: 0 0 82%; scroll-snap-align: start; }
.card { display: flex; flex-direction: column; overflow: hidden; border-radius: 14px; background: var(--surface); border: 1px solid var(--line); }
.card img { display: block; width: 100%; aspect-ratio: 16 / 9; object-fit: cover; background: #e6edee; }
.card h3 { padding: 12px 14px 0; font-size: 16px; font-weight: 650; line-height: 1.4; overflow-wrap: anywhere; }
.card .subtitle { padding: 1px 14px 0; font-size: 13.5px; color: var(--muted); overflow-wrap: anywhere; }
.card table { width: calc(100% - 28px); margin: 8px 14px 6px; border-collapse: collapse; font-size: 14px; }
.card tr + tr { border-top: 1px solid #e8eeef; }
.card th, .card td { padding: 6px 0; vertical-align: top; line-height: 1.45; overflow-wrap: anywhere; }
.card th { padding-right: 14px; font-weight: 400; color: var(--muted); text-align: left; width: 42%; }
.card td { text-align: right; font-weight: 600; font-variant-numeric: tabular-nums; }
.card-buttons { display: flex; flex-wrap: wrap; gap: 1px; background: var(--line); margin-top: auto; border-top: 1px solid var(--line); }
.card-buttons button { flex: 1 1 40%; background: var(--surface); min-height: 46px; padding: 8px 12px; color: var(--accent); font-weight: 600;
  overflow-wrap: anywhere; }
.card-buttons button:hover { background: var(--accent-soft); }
.card-buttons button:focus-visible { outline-offset: -4px; border-radius: 12px; }

.times { display: flex; align-items: flex-start; gap: 8px; width: 100%; margin-top: 8px; padding-bottom: 2px; overflow-x: auto; scrollbar-width: thin;
  scrollbar-color: #b6c7ca transparent; }
.day-times { flex: 1 0 96px; display: flex; flex-direction: column; overflow: hidden; border-radius: 14px; background: var(--surface);
  border: 1px solid var(--line); }
.day-times h3 { display: flex; flex-wrap: wrap; align-items: center; align-content: center; justify-content: center; min-height: 46px; padding: 4px 6px;
  font-size: 13.5px; font-weight: 650; line-height: 1.35; text-align: center; background: var(--accent-soft); color: var(--accent-deep); }
.day-times button { min-height: 44px; border-top: 1px solid var(--line); color: var(--accent); font-weight: 600; font-variant-numeric: tabular-nums; }
.day-times button:hover { background: var(--accent-soft); }
.day-times button:focus-visible { outline-offset: -4px; border-radius: 12px; }
.times .day-times:only-child { flex-flow: row wrap; overflow: visible; border: 0; background: none; gap: 8px; border-radius: 0; }
.day-times:only-child h3 { flex: 1 0 100%; justify-content: flex-start; min-height: 0; padding: 0 2px; background: none; }
.day-times:only-child button { flex: 0 0 calc((100% - 16px) / 3); border: 1px solid #8fb4b9; border-radius: 22px; background: var(--surface); }
.day-times:only-child button:hover { background: var(--accent-soft); }

.replies { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
.reply { min-height: 44px; padding: 8px 16px; border-radius: 22px; border: 1px solid #8fb4b9; background: var(--surface); color: var(--accent);
  font-weight: 500; text-align: left; line-height: 1.35; overflow-wrap: anywhere; transition: background-color .15s; }
.reply:hover { background: var(--accent-soft); border-color: var(--accent); }

.typing { display: inline-flex; align-items: center; gap: 5px; height: 40px; margin-top: 8px; padding: 0 16px; border-radius: 4px 16px 16px 16px;
  background: var(--surface); border: 1px solid var(--line); }
.typing i { width: 7px; height: 7px; border-radius: 50%; background: var(--accent); animation: dot 1.2s infinite; }
.typing i:nth-of-type(2) { animation-delay: .15s; }
.typing i:nth-of-type(3) { animation-delay: .3s; }
@keyframes dot { 0%, 60%, 100% { opacity: .25; } 30% { opacity: 1; } }

.rating { margin-top: 16px; padding: 16px; border-radius: 16px; background: var(--surface); border: 1px solid var(--line); }
.rating legend { width: 100%; font-size: 16px; font-weight: 650; text-align: center; }
.stars { display: flex; justify-content: center; margin-top: 4px; }
.star { position: relative; width: 48px; height: 48px; display: grid; place-items: center; border-radius: 12px; cursor: pointer; color: #6f7f84; }
.star input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
.star svg { width: 32px; height: 32px; stroke-width: 1.4; pointer-events: none; }
.star.on, .stars:hover .star:has(~ .star:hover), .star:hover { color: var(--star); }
.star.on svg { fill: currentColor; }
.star:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: -2px; }
.star-words { min-height: 23px; font-size: 14px; color: var(--muted); text-align: center; }
.rating label[for] { display: block; margin: 8px 0 4px; font-size: 14px; color: var(--muted); }
.rating textarea { height: 68px; border-radius: 12px; }
.fault { margin-top: 8px; font-size: 14px; color: var(--alarm); }
.fault:empty { display: none; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 12px; }
.solid, .plain { min-height: 44px; padding: 8px 18px; border-radius: 22px; font-weight: 600; }
.solid { flex: 1; background: var(--accent); color: #fff; }
.solid:hover { background: var(--accent-deep); }
.solid:disabled { background: #dde7e8; color: #4b5f65; }
.plain { color: var(--accent); }
.plain:hover { background: var(--accent-soft); }
.thanks { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; }

@media (max-width: 520px), (max-height: 460px) {
  .launcher { right: max(16px, env(safe-area-inset-right)); bottom: max(16px, env(safe-area-inset-bottom)); }
  .panel { inset: var(--chefu-top, 0) 0 auto 0; width: 100%; height: var(--chefu-height, 100dvh); border-radius: 0; box-shadow: none; }
  .header { padding-top: max(8px, env(safe-area-inset-top)); }
  .composer { padding-left: max(12px, env(safe-area-inset-left)); }
}
@media (max-width: 350px) { .avatar { display: none; } }
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation-duration: .01ms !important; animation-iteration-count: 1 !important; transition: none !important;
    scroll-behavior: auto !important; }
  .typing i { opacity: .6; }
}
@media (forced-colors: active) {
  .bubble, .card, .panel, .launcher, .send, .reply, .day-times button, .menu { border: 1px solid; }
}
`;
