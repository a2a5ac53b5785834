/* SPDX-License-Identifier: Apache-2.0 */
/* The list of resource types; meson makes it from server/resources/meson.build. */
#include "core/resource/resource.h"

#define X(name) extern const struct resource name##_resource;
#include "registry.inc"
#undef X

#define X(name) &name##_resource,
const struct resource *const resource_all[] = {
#include "registry.inc"
	NULL
};
#undef X
