package dev.plinth.base.tenancy;

import java.sql.Connection;
import java.sql.SQLException;

/** How a kind of transaction begins: the one statement that goes with BEGIN. */
@FunctionalInterface
interface Opening<C extends Tx> {

  C begin(Transactions transactions, Connection connection, boolean readOnly) throws SQLException;
}
