/** The looks, in the shadow root only: nothing of the host page comes in, nothing goes out. */
export const STYLES = `
/* The reset is inside, because rules of the page on the element itself go before those of :host. */
.root {
  all: initial;
  --accent: #0c5a64;
  --accent-deep: #08424a;
  --accent-soft: #e4f0f1;
  --ink: #14262b;
  --muted: #51656b;
  --line: #d5e0e2;
  --ground: #f3f7f7;
  --surface: #fff;
  --staff: #7a4508;
  --staff-soft: #fdf5e9;
  --staff-line: #ecd9bb;
  --alarm: #a3241a;
  --focus: #0b7c8a;
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
p, h2, h3 { margin: 0; font: inherit; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; margin: 0; cursor: pointer;
  -webkit-tap-highlight-color: transparent; touch-action: manipulation; }
button:disabled { cursor: default; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
svg { width: 24px; height: 24px; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round;
  stroke-linejoin: round; flex: none; display: block; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher { position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right));
  bottom: max(20px, env(safe-area-inset-bottom)); display: inline-flex; align-items: center; gap: 10px;
  min-height: 56px; padding: 0 22px 0 18px; border-radius: 28px; background: var(--accent); color: #fff;
  font-weight: 600; font-size: 16px; letter-spacing: .02em;
  box-shadow: 0 1px 2px rgb(6 38 43 / .25), 0 8px 24px rgb(6 38 43 / .24); transition: background-color .15s; }
.launcher:hover { background: var(--accent-deep); }
.launcher:focus-visible { outline-color: #fff; outline-offset: -5px; }
.count { position: absolute; top: -5px; right: -3px; min-width: 24px; height: 24px; padding: 0 7px; border-radius: 12px;
  background: var(--alarm); color: #fff; font-size: 13px; line-height: 24px; text-align: center; }

.panel { position: fixed; z-index: 2147483000; right: max(20px, env(safe-area-inset-right));
  bottom: max(20px, env(safe-area-inset-bottom)); width: 392px; height: min(680px, calc(100vh - 40px));
  display: flex; flex-direction: column; overflow: hidden; border-radius: 18px; background: var(--ground);
  box-shadow: 0 0 0 1px rgb(6 38 43 / .08), 0 4px 12px rgb(6 38 43 / .1), 0 18px 48px rgb(6 38 43 / .24);
  animation: rise .18s ease-out; }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }

.header { flex: none; display: flex; align-items: center; gap: 4px; padding: 10px 8px 10px 18px; color: #fff;
  background: linear-gradient(115deg, var(--accent-deep), var(--accent)); }
.header :focus-visible { outline-color: #fff; outline-offset: -4px; }
.titles { flex: 1; min-width: 0; }
.titles h2 { font-size: 17px; font-weight: 650; line-height: 1.35; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.titles p { font-size: 12.5px; line-height: 1.4; color: #d8e9eb; }
.languages { display: flex; flex: none; }
.languages button { min-width: 44px; height: 44px; display: grid; place-items: center; font-size: 13px; color: #d8e9eb;
  border-radius: 10px; }
.languages span { padding: 1px 8px; border-radius: 12px; border: 1px solid transparent; line-height: 22px; }
.languages button[aria-pressed=true] { color: #fff; }
.languages button[aria-pressed=true] span { border-color: rgb(255 255 255 / .6); background: rgb(255 255 255 / .14); }
.languages button:hover { color: #fff; }
.close { flex: none; width: 44px; height: 44px; display: grid; place-items: center; border-radius: 10px; }
.close:hover { background: rgb(255 255 255 / .12); }

.connection { flex: none; display: flex; align-items: center; justify-content: center; gap: 10px; padding: 7px 16px;
  background: #fff4d6; color: #5c4300; font-size: 13.5px; border-bottom: 1px solid #ecdba6; }
.connection::before { content: ""; width: 9px; height: 9px; border-radius: 50%; background: #a87400; animation: pulse 1.4s infinite; }
.connection:empty { display: none; }
@keyframes pulse { 50% { opacity: .25; } }

.scroller { position: relative; flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 14px 16px 18px; scrollbar-width: thin;
  scrollbar-color: #b6c7ca transparent; }
.log { display: flex; flex-direction: column; gap: 6px; }
.day, .note { align-self: center; text-align: center; color: var(--muted); font-size: 13px; }
.day { margin: 6px 0 0; font-size: 12.5px; }
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
.customer.failed .bubble { background: var(--surface); color: var(--ink); border-color: var(--alarm); }
.state { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 0 4px; font-size: 13px; color: var(--muted);
  margin-top: 2px; padding-right: 2px; text-align: right; }
.failed .state { color: var(--alarm); }
.state button { min-height: 44px; min-width: 44px; padding: 0 8px; color: var(--accent); font-weight: 600; text-decoration: underline;
  text-underline-offset: 3px; }
.sending .state { animation: appear .01s .7s both; }
@keyframes appear { from { visibility: hidden; } }

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
.card th, .card td { padding: 6px 0; vertical-align: top; line-height: 1.45; }
.card th { padding-right: 14px; font-weight: 400; color: var(--muted); text-align: left; width: 42%; }
.card td { text-align: right; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.card-buttons { display: flex; flex-wrap: wrap; gap: 1px; background: var(--line); margin-top: auto; border-top: 1px solid var(--line); }
.card-buttons button { flex: 1 1 40%; background: var(--surface); min-height: 46px; padding: 8px 12px; color: var(--accent); font-weight: 600; }
.card-buttons button:hover { background: var(--accent-soft); }
.card-buttons button:focus-visible { outline-offset: -4px; border-radius: 12px; }

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

.below { position: relative; flex: none; }
.news { position: absolute; left: 50%; bottom: calc(100% + 8px); transform: translateX(-50%); display: inline-flex; align-items: center; gap: 6px;
  min-height: 44px; padding: 0 18px 0 14px; border-radius: 22px; background: var(--accent); color: #fff; font-size: 14px; font-weight: 600;
  white-space: nowrap; box-shadow: 0 4px 14px rgb(6 38 43 / .28); }
.news svg { width: 18px; height: 18px; }
.composer { display: flex; align-items: flex-end; gap: 8px; padding: 10px 10px max(10px, env(safe-area-inset-bottom)) 14px;
  background: var(--surface); border-top: 1px solid var(--line); }
.field { flex: 1; min-width: 0; }
textarea { display: block; width: 100%; height: 44px; max-height: 132px; resize: none; padding: 9px 14px; border: 1px solid #88a0a6; border-radius: 22px;
  background: var(--surface); color: var(--ink); font: inherit; font-size: 16px; line-height: 24px; overflow-y: auto; scrollbar-width: thin; }
textarea::placeholder { color: #5f7379; opacity: 1; }
textarea:focus { border-color: var(--accent); outline: 2px solid var(--accent); outline-offset: -2px; }
textarea[aria-invalid=true] { border-color: var(--alarm); outline-color: var(--alarm); }
.limit { padding: 4px 14px 0; font-size: 13px; line-height: 1.4; color: var(--muted); font-variant-numeric: tabular-nums; }
.limit.over { color: var(--alarm); }
.send { flex: none; width: 44px; height: 44px; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: #fff;
  transition: background-color .15s; }
.send svg { width: 22px; height: 22px; margin-right: 1px; }
.send:hover { background: var(--accent-deep); }
.send:disabled { background: #dde7e8; color: #5f7379; }

@media (max-width: 520px), (max-height: 460px) {
  .launcher { right: max(16px, env(safe-area-inset-right)); bottom: max(16px, env(safe-area-inset-bottom)); }
  .panel { inset: var(--top, 0) 0 auto 0; width: 100%; height: var(--height, 100dvh); border-radius: 0; box-shadow: none; }
  .header { padding-top: max(8px, env(safe-area-inset-top)); }
  .composer { padding-left: max(12px, env(safe-area-inset-left)); }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation-duration: .01ms !important; animation-iteration-count: 1 !important; transition: none !important;
    scroll-behavior: auto !important; }
  .typing i { opacity: .6; }
}
@media (forced-colors: active) {
  .bubble, .card, .panel, .launcher, .send { border: 1px solid; }
}
`;
