# SPDX-License-Identifier: Apache-2.0
#
# cmake -DFROM=page.html -DTO=page_html.h -P embed.cmake: a file as a header, as xxd -i writes it.
get_filename_component(name ${FROM} NAME)
string(MAKE_C_IDENTIFIER ${name} name)
file(READ ${FROM} bytes HEX)
string(LENGTH "${bytes}" size)
math(EXPR size "${size} / 2")
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${TO} "unsigned char ${name}[] = {${bytes}};\nunsigned int ${name}_len = ${size};\n")
