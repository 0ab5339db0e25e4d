<?php
// Misbehaviour on demand, by rules in a file. The package's docstring says what the rules are.
namespace Redaksi\Faults;

$GLOBALS['redaksi_faults'] = getenv('REDAKSI_WP_FAULTS');

function folder(): string
{
    return $GLOBALS['redaksi_faults'];
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
        if (!preg_match('#' . $rule['route'] . '#', rawurldecode($_SERVER['REQUEST_URI']))) {
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
            // Until the test lets go; the limit only saves a forgotten process.
            for ($i = 0; $i < 6000 && !file_exists(folder() . "/release-{$rule['id']}"); $i++) {
                usleep(10000);
            }
            return;
        case 'die':
            throw new \Error('a fault was asked for');
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
            // The whole line: WordPress may have written one already.
            header("HTTP/1.1 {$rule['status']} Fault", true, $rule['status']);
            header('Content-Type: text/html; charset=utf-8');
            foreach ($rule['headers'] as $name => $value) {
                header("$name: $value");
            }
            echo $rule['body'];
            exit;
    }
}

if (PHP_SAPI !== 'cli') {
    // Held while a request is worked on, so that a reset can wait for the last one.
    $GLOBALS['redaksi_working'] = fopen(folder() . '/working', 'c');
    flock($GLOBALS['redaksi_working'], LOCK_SH);
    file_put_contents(
        folder() . '/requests.jsonl',
        json_encode(['method' => $_SERVER['REQUEST_METHOD'], 'uri' => rawurldecode($_SERVER['REQUEST_URI'])]) . "\n",
        FILE_APPEND | LOCK_EX
    );

    if ($rule = due('before')) {
        commit($rule);
    }
    foreach (['rest_insert_post', 'rest_insert_attachment'] as $hook) {
        add_action($hook, function () {
            if ($rule = due('row')) {
                commit($rule);
            }
        }, 1);
    }
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
