<?php
// One WordPress, several sites: what differs comes from the environment of the process.
define('DB_NAME', getenv('REDAKSI_WP_DB'));
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . getenv('REDAKSI_WP_SOCKET'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
$table_prefix = 'wp_';

define('WP_HOME', getenv('REDAKSI_WP_URL'));
define('WP_SITEURL', getenv('REDAKSI_WP_URL'));
define('WP_CONTENT_DIR', getenv('REDAKSI_WP_CONTENT'));
define('WP_CONTENT_URL', getenv('REDAKSI_WP_URL') . '/wp-content');
define('WPMU_PLUGIN_DIR', __DIR__ . '/mu-plugins');

// Application passwords over plain http are for local sites only.
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_DEBUG', false);
// Some sites put deleted media into a trash first; a test says so with a file.
define('MEDIA_TRASH', file_exists(getenv('REDAKSI_WP_FAULTS') . '/media-trash'));
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_AUTO_UPDATE_CORE', false);
define('AUTOMATIC_UPDATER_DISABLED', true);
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) {
    define($name, 'only for tests ' . $name);
}

if (!defined('ABSPATH')) {
    define('ABSPATH', getenv('REDAKSI_WP_CORE') . '/');
}
require_once ABSPATH . 'wp-settings.php';
