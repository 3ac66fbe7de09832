#!/usr/bin/node
// next, as far as its files go: "build" leaves .next, "start" serves pages and puts what it fetched into .next/cache.
const fs = require('fs'), http = require('http'), path = require('path');
const command = process.argv[2];
if (command === 'build') {
  fs.mkdirSync('.next/server', { recursive: true });
  fs.writeFileSync('.next/BUILD_ID', 'b1');
  for (const f of fs.readdirSync('pages')) fs.copyFileSync(path.join('pages', f), path.join('.next/server', f));
  console.log(' ✓ Compiled successfully');
} else if (command === 'start') {
  const i = process.argv.indexOf('-p');
  const port = i > 0 ? +process.argv[i + 1] : +(process.env.PORT || 3000);
  http.createServer((req, res) => {
    const url = new URL(req.url, 'http://x');
    if (url.pathname === '/_next/image') {
      const file = path.join('.next/cache/images', url.searchParams.get('w') || '64');
      const hit = fs.existsSync(file);
      if (!hit) { fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, 'webp'); }
      res.setHeader('X-Nextjs-Cache', hit ? 'HIT' : 'MISS');
      return res.end('webp');
    }
    const page = path.join('.next/server', (url.pathname === '/' ? 'index' : url.pathname.slice(1)) + '.html');
    if (!fs.existsSync(page)) { res.statusCode = 404; return res.end('not found'); }
    res.end(fs.readFileSync(page));
  }).on('error', e => { console.error(e); process.exit(1); }).listen(port, () => console.log(' ✓ Ready on ' + port));
}
