// Runs before anything else. The theme is set before the first paint, so that a dark page never flashes light; must
// agree with src/lib/stores/theme.svelte.ts. And a page whose scripts do not come says so instead of staying empty.
(function () {
  var root = document.documentElement;

  function stored(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // Storage may be forbidden; the system's choice is then the best guess.
    }
  }

  var choice = stored('notevault.theme') || 'system';
  var isDark =
    choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = isDark ? 'dark' : 'light';

  // The catalogs of src/lib/i18n are among what may be missing.
  var WORDS = {
    en: ['The page could not be loaded', 'Check your connection, then load it again.', 'Reload the page'],
    de: [
      'Die Seite konnte nicht geladen werden',
      'Prüfe die Verbindung und lade sie noch einmal.',
      'Seite neu laden'
    ],
    ar: ['تعذّر تحميل الصفحة', 'تحقّق من الاتصال ثم أعد التحميل.', 'أعد تحميل الصفحة']
  };

  function tellMissing() {
    // The root layout says that it has started; from then on it shows its errors itself.
    if ('started' in root.dataset || document.getElementById('not-started')) return;
    var wanted = [stored('notevault.locale') || ''].concat(navigator.languages || []);
    var locale = wanted
      .map(function (tag) {
        return tag.slice(0, 2).toLowerCase();
      })
      .find(function (tag) {
        return tag in WORDS;
      });
    var words = WORDS[locale || 'en'];
    var page = document.createElement('main');
    page.id = 'not-started';
    page.lang = locale || 'en';
    page.dir = locale === 'ar' ? 'rtl' : 'ltr';
    page.setAttribute('role', 'alert');
    page.style.cssText =
      'position:fixed;inset:0;display:grid;place-content:center;justify-items:center;gap:8px;padding:24px;text-align:center;' +
      'font:14px/1.5 system-ui,sans-serif;' +
      (isDark ? 'background:#17171a;color:#ececf0' : 'background:#fff;color:#1c1c20');
    var title = document.createElement('h1');
    title.style.cssText = 'margin:0;font-size:16px;font-weight:600';
    title.textContent = document.title = words[0];
    var text = document.createElement('p');
    text.style.cssText = 'margin:0 0 8px;opacity:0.75';
    text.textContent = words[1];
    var button = document.createElement('button');
    button.type = 'button';
    button.style.cssText =
      'min-height:44px;padding:0 18px;border:0;border-radius:9px;background:#4f56d6;color:#fff;font:inherit;font-weight:550;cursor:pointer';
    button.textContent = words[2];
    button.onclick = function () {
      location.reload();
    };
    page.append(title, text, button);
    document.body.append(page);
    button.focus();
  }

  addEventListener('unhandledrejection', tellMissing);
})();
