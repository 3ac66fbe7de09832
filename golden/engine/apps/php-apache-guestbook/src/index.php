<?php
$db = new PDO('sqlite:' . __DIR__ . '/data/guestbook.db');
$db->exec('CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, text TEXT)');
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $s = $db->prepare('INSERT INTO entry (text) VALUES (?)');
    $s->execute([trim(file_get_contents('php://input'))]);
    error_log('guestbook: new entry');
    http_response_code(201);
    exit("thanks\n");
}
header('Content-Type: text/plain');
echo "Guestbook\n";
foreach ($db->query('SELECT text FROM entry ORDER BY id') as $row) {
    echo '- ' . $row['text'] . "\n";
}
