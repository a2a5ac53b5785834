#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { run } from "../index.js";

run("lakebase-mock", process.argv.slice(2));
