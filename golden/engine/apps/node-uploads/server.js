const express = require('express');
const sqlite3 = require('sqlite3');
const fs = require('fs');
const path = require('path');

const UPLOADS = path.join(__dirname, 'uploads');
const DB = path.join(__dirname, 'data', 'photos.db');

fs.mkdirSync(UPLOADS, { recursive: true });
fs.mkdirSync(path.dirname(DB), { recursive: true });

const db = new sqlite3.Database(DB);
db.run('CREATE TABLE IF NOT EXISTS photo (name TEXT PRIMARY KEY, size INTEGER)');

const app = express();
app.use(express.static(path.join(__dirname, 'public')));
app.use('/uploads', express.static(UPLOADS));

app.put('/photos/:name', express.raw({ type: () => true, limit: '5mb' }), (req, res) => {
  const name = path.basename(req.params.name);
  fs.writeFileSync(path.join(UPLOADS, name), req.body);
  db.run('INSERT OR REPLACE INTO photo VALUES (?, ?)', name, req.body.length, err => {
    if (err) return res.status(500).send(err.message);
    console.log('stored', name);
    res.status(201).send('stored ' + name);
  });
});

app.get('/photos', (req, res) => {
  db.all('SELECT name, size FROM photo ORDER BY name', (err, rows) => {
    if (err) return res.status(500).send(err.message);
    res.json(rows);
  });
});

app.get('/health', (req, res) => res.send('ok'));
app.listen(process.env.PORT || 3000, () => console.log('listening'));
