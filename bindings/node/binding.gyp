# SPDX-License-Identifier: Apache-2.0
#
# The addon from its source, by node-gyp: "npm install --build-from-source", with --nodedir for headers of Node that are
# there. library.js says where libws.so is; it is copied beside the addon.
{
    'targets': [{
        'target_name': 'libws',
        'product_prefix': 'lib', # gyp takes it away from the name
        'sources': [
            'src/args.c', 'src/calls.c', 'src/calls_more.c', 'src/calls_server.c', 'src/calls_texts.c', 'src/events.c',
            'src/module.c', 'src/options.c', 'src/queue.c', 'src/system.c', 'src/watch.c',
        ],
        'include_dirs': ['<!@(node library.js include)'],
        'cflags': ['-std=gnu11', '-Wall', '-Wextra', '-fvisibility=hidden'],
        'libraries': ['<!@(node library.js file)', '-ldl', '-lpthread'],
        'ldflags': ["-Wl,-rpath,'$$ORIGIN'", '-Wl,-z,nodelete'],
        'copies': [{ 'destination': '<(PRODUCT_DIR)', 'files': ['<!@(node library.js file)'] }],
    }],
}
