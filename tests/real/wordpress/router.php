<?php
// What a web server's configuration would do: files as they are, everything else to WordPress.
$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if (str_contains($path, '..')) {
    http_response_code(400);
    return true;
}
if (str_starts_with($path, '/wp-content/')) {
    $file = getenv('REDAKSI_WP_CONTENT') . substr($path, strlen('/wp-content'));
    $types = ['jpg' => 'image/jpeg', 'jpeg' => 'image/jpeg', 'png' => 'image/png', 'css' => 'text/css', 'js' => 'text/javascript', 'svg' => 'image/svg+xml'];
    $type = $types[strtolower(pathinfo($file, PATHINFO_EXTENSION))] ?? null;
    if ($type === null || !is_file($file)) {
        http_response_code(404);
        echo 'not found';
        return true;
    }
    header("Content-Type: $type");
    readfile($file);
    return true;
}
$file = getenv('REDAKSI_WP_CORE') . $path;
if ($path !== '/' && (is_file($file) || is_file("$file/index.php"))) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['PHP_SELF'] = '/index.php';
require getenv('REDAKSI_WP_CORE') . '/index.php';
