const fs = require('fs');
const path = require('path');
const express = require('express');
const multer = require('multer');

const uploadDir = process.env.UPLOAD_DIR || path.join(__dirname, '..', 'uploads');
fs.mkdirSync(uploadDir, { recursive: true });

const app = express();
const upload = multer({ dest: uploadDir, limits: { fileSize: 5 * 1024 * 1024 } });

app.use(express.static(path.join(__dirname, '..', 'public')));
app.use('/uploads', express.static(uploadDir));

app.get('/healthz', (req, res) => res.send('ok'));

app.get('/products', async (req, res, next) => {
  try {
    const r = await fetch(`${process.env.API_URL}/products`);
    res.status(r.status).json(await r.json());
  } catch (err) {
    next(err);
  }
});

app.post('/products/:id/picture', upload.single('picture'), (req, res) => {
  res.status(201).json({ id: req.params.id, file: req.file.filename });
});

app.listen(process.env.PORT || 3000);
