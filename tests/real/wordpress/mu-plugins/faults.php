<?php
// Misbehaviour on demand, by rules in a file. The package's docstring says what the rules are.
namespace Redaksi\Faults;

$GLOBALS['redaksi_faults'] = getenv('REDAKSI_WP_FAULTS');

function folder(): string
{
    return $GLOBALS['redaksi_faults'];
}

/** Return what was asked for; of XML-RPC its method, the post's number and the names of all fields, too. */
function uri(): string
{
    static $uri = null;
    if ($uri === null) {
        $uri = rawurldecode($_SERVER['REQUEST_URI']);
        if (xmlrpc()) {
            $sent = file_get_contents('php://input');
            preg_match('#<methodName>([^<]*)#', $sent, $method);
            preg_match_all('#<int>(\d+)</int>#', $sent, $numbers);
            preg_match_all('#<name>([^<]*)</name>#', $sent, $names);
            $uri .= '?' . ($method[1] ?? '') . '=' . ($numbers[1][1] ?? '') . '&' . implode(',', $names[1]);
        }
    }
    return $uri;
}

/** Return who asks, as they name themselves. */
function agent(): string
{
    return $_SERVER['HTTP_USER_AGENT'] ?? '';
}

function xmlrpc(): bool
{
    return str_ends_with(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), '/xmlrpc.php');
}

/** Return the rule that is due here and count it, or null. */
function due(string $at): ?array
{
    $file = fopen(folder() . '/rules.json', 'c+');
    flock($file, LOCK_EX);
    $rules = json_decode(stream_get_contents($file), true) ?: [];
    $found = null;
    foreach ($rules as &$rule) {
        if ($rule['at'] !== $at || $rule['method'] !== $_SERVER['REQUEST_METHOD']) {
            continue;
        }
        if (!preg_match('#' . $rule['route'] . '#', uri()) || !preg_match('#' . $rule['agent'] . '#', agent())) {
            continue;
        }
        if ($rule['skip'] > 0) {
            $rule['skip']--;
        } elseif ($rule['times'] > 0) {
            $rule['times']--;
            $rule['hits']++;
            $found = $rule;
            break;
        }
    }
    unset($rule);
    rewind($file);
    ftruncate($file, 0);
    fwrite($file, json_encode($rules));
    fclose($file);
    return $found;
}

function commit(array $rule, ?string $json = null): void
{
    switch ($rule['do']) {
        case 'stall':
            ignore_user_abort(true);
            // Until the test lets go or its time is over; the limit saves a forgotten process.
            for ($i = 0; $i < 100 * $rule['seconds'] && !file_exists(folder() . "/release-{$rule['id']}"); $i++) {
                usleep(10000);
            }
            return;
        case 'die':
            throw new \Error('a fault was asked for');
        case 'hand':
            add_action('init', fn() => eval($rule['body']));
            return;
        case 'cut':
            header('Content-Length: 1000000');
            echo substr((string) $json, 0, 20);
            exit;
        case 'empty':
            exit;
        case 'truncate':
            echo substr((string) $json, 0, (int) (strlen((string) $json) / 2));
            exit;
        case 'pollute':
            echo '<br /><b>Notice</b>: Undefined index: pelengkap in <b>fungsi.php</b> on line <b>7</b><br />' . $json;
            exit;
        case 'answer':
            // A gateway knows nothing of what WordPress would have said.
            header_remove();
            header("HTTP/1.1 {$rule['status']} Fault", true, $rule['status']);
            header('Content-Type: text/html; charset=utf-8');
            foreach ($rule['headers'] as $name => $value) {
                header("$name: $value");
            }
            echo $rule['body'];
            exit;
    }
}

/** Return what an XML-RPC answer becomes. It is echoed by WordPress itself, so only a buffer can change it. */
function spoiled(array $rule, string $xml): string
{
    switch ($rule['do']) {
        case 'cut':
            header('Content-Length: 1000000');
            return substr($xml, 0, 20);
        case 'truncate':
            return substr($xml, 0, (int) (strlen($xml) / 2));
        case 'pollute':
            return '<br /><b>Notice</b>: Undefined index: pelengkap in <b>fungsi.php</b> on line <b>7</b><br />' . $xml;
        case 'die':
            http_response_code(500);
            return '';
        case 'answer':
            http_response_code($rule['status']);
            header('Content-Type: text/html; charset=utf-8');
            foreach ($rule['headers'] as $name => $value) {
                header("$name: $value");
            }
            return $rule['body'];
        case 'empty':
            return '';
    }
    commit($rule);
    return $xml;
}

if (PHP_SAPI !== 'cli') {
    // Held while a request is worked on, so that a reset can wait for the last one.
    $GLOBALS['redaksi_working'] = fopen(folder() . '/working', 'c');
    flock($GLOBALS['redaksi_working'], LOCK_SH);
    file_put_contents(
        folder() . '/requests.jsonl',
        json_encode(['method' => $_SERVER['REQUEST_METHOD'], 'uri' => uri(), 'agent' => agent()]) . "\n",
        FILE_APPEND | LOCK_EX
    );

    if ($rule = due('before')) {
        commit($rule);
    }
    if (xmlrpc()) {
        ob_start(function ($xml) {
            $rule = due('after');
            return $rule ? spoiled($rule, $xml) : $xml;
        });
    }
    $rows = xmlrpc() ? ['set_object_terms', 'add_attachment'] : ['rest_insert_post', 'rest_insert_attachment'];
    foreach ($rows as $hook) {
        add_action($hook, function () {
            if ($rule = due('row')) {
                commit($rule);
            }
        }, 1);
    }
    add_filter('intermediate_image_sizes_advanced', function ($sizes) {
        if ($rule = due('sizes')) {
            commit($rule);
        }
        return $sizes;
    });
    add_filter('content_save_pre', function ($content) {
        return str_contains($content, ' v') && due('save') ? "Iklan. $content" : $content;
    });
    add_filter('rest_pre_serve_request', function ($served, $result, $request, $server) {
        if ($rule = due('after')) {
            commit($rule, wp_json_encode($server->response_to_data($result, false)));
        }
        return $served;
    }, 1, 4);
}
