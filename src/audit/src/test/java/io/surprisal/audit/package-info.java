/** Tests of the audit, on a Spark in the same process. */
@NullMarked
package io.surprisal.audit;

import org.jspecify.annotations.NullMarked;
