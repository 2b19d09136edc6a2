/**
 * Answers for whoever started the service: has it started, does it live, may it be sent requests.
 */
@NullMarked
package io.surprisal.service.health;

import org.jspecify.annotations.NullMarked;
