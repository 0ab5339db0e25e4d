<?php
// Install one site and its accounts; print the accounts' application passwords as JSON.
// Arguments: title, time zone, language.
[, $title, $zone, $language] = $argv;
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url(getenv('REDAKSI_WP_URL'), PHP_URL_HOST) . ':' . parse_url(getenv('REDAKSI_WP_URL'), PHP_URL_PORT);
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

// WordPress would mail the new administrator.
function wp_new_blog_notification() {}

require getenv('REDAKSI_WP_CORE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install($title, 'admin', 'admin@contoh.invalid', true, '', 'hanya untuk uji', $language === 'en_US' ? '' : $language);
update_option('timezone_string', $zone);
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
update_option('default_pingback_flag', 0);
update_option('default_ping_status', 'closed');
switch_theme('twentytwentyone');

$passwords = [];
$accounts = ['admin' => 'administrator', 'redaksi' => 'editor', 'penulis' => 'author', 'kontributor' => 'contributor'];
foreach ($accounts as $name => $role) {
    $user = get_user_by('login', $name);
    $id = $user ? $user->ID : wp_insert_user(['user_login' => $name, 'user_pass' => 'kata sandi masuk', 'user_email' => "$name@contoh.invalid", 'role' => $role]);
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'Redaksi']);
    $passwords[$name] = $password;
}
$category = wp_insert_term('Info & Pengumuman', 'category');
$other = wp_insert_term('Ekonomi', 'category');
wp_delete_post(1, true);
wp_delete_post(2, true);
global $wp_rewrite;
$wp_rewrite->init();
flush_rewrite_rules(false);
echo json_encode([
    'passwords' => $passwords,
    'categories' => ['default' => $category['term_id'], 'Ekonomi' => $other['term_id']],
    'version' => $GLOBALS['wp_version'],
]);
