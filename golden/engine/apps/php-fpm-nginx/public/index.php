<?php
$file = __DIR__ . '/../storage/visits.txt';
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    file_put_contents($file, "visit\n", FILE_APPEND) === false and http_response_code(500);
    exit("noted\n");
}
echo "Hello from ", $_SERVER['REQUEST_URI'], "\n";
echo is_file($file) ? "visited\n" : "";
