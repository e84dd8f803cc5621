/* SPDX-License-Identifier: Apache-2.0 */
/* A file that does not throw, in a program whose other file does; see exceptions.cpp. */
#include <libws/ws.hpp>

int32_t code_of_a_bad_url();

int32_t code_of_a_bad_url() {
    ws::client client;
    return client.connect("http://x").code();
}
