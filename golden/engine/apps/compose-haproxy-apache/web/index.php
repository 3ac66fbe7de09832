<?php echo getenv("SITE_NAME"), " ", $_SERVER["REQUEST_URI"], "\n";
