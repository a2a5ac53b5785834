#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { run } from "../index.js";

run("lakebasectl", process.argv.slice(2));
