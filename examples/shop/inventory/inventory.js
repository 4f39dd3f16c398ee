// The stock service's database: SQLite in memory, compiled to WebAssembly, so that nothing has to be installed.
import initSqlite from 'sql.js'
import { products } from '../catalogue.js'

const RESTOCK_BELOW = 20
const RESTOCK_TO = 500
/** Nobody makes this one any more: it is how a checkout fails with 409. */
const SOLD_OUT = 'vase-willow-large'

export async function openInventory() {
  const { Database } = await initSqlite()
  const database = new Database()
  database.run(`
    create table stock (sku text primary key, kind text not null, available integer not null);
    create table reservations (id integer primary key, sku text not null references stock, quantity integer not null);
    create index reservations_sku on reservations (sku);
  `)
  fill(database)

  const selectLevel = database.prepare('select available from stock where sku = ?')
  const take = database.prepare(
    'update stock set available = available - $quantity where sku = $sku and available >= $quantity'
  )
  const give = database.prepare('update stock set available = available + $quantity where sku = $sku')
  const insert = database.prepare('insert into reservations (sku, quantity) values (?, ?) returning id')
  const remove = database.prepare('delete from reservations where id = ? returning sku, quantity')

  return {
    /** Pieces left, or undefined for an unknown product. */
    level: sku => firstRow(selectLevel, [sku])[0],

    /** The reservation's id, or undefined where there aren't enough pieces. */
    reserve(sku, quantity) {
      take.run({ $sku: sku, $quantity: quantity })
      if (database.getRowsModified() === 0) return undefined
      return firstRow(insert, [sku, quantity])[0]
    },

    /** Whether there was such a reservation. */
    release(id) {
      const [sku, quantity] = firstRow(remove, [id])
      if (sku === undefined) return false
      give.run({ $sku: sku, $quantity: quantity })
      return true
    },

    /** Orders more of what runs low; the number of products that did. */
    restock() {
      database.run('update stock set available = ? where available < ? and sku <> ?', [
        RESTOCK_TO,
        RESTOCK_BELOW,
        SOLD_OUT
      ])
      return database.getRowsModified()
    },

    /** Per kind of product: what is there and what is set aside. */
    count() {
      const [result] = database.exec(`
        select kind, sum(available) as available,
          (select coalesce(sum(quantity), 0) from reservations r where r.sku in (select sku from stock s2 where s2.kind = s.kind)) as reserved
        from stock s group by kind order by kind`)
      return result.values.map(([kind, available, reserved]) => ({ kind, available, reserved }))
    },

    close: () => database.close()
  }
}

/** The first row's values, or none; leaves the statement ready for its next use. */
function firstRow(statement, values) {
  const row = statement.get(values)
  statement.reset()
  return row
}

function fill(database) {
  const insert = database.prepare('insert into stock (sku, kind, available) values (?, ?, ?)')
  products.forEach(({ sku, kind }, index) =>
    insert.run([sku, kind, sku === SOLD_OUT ? 0 : 40 + ((index * 37) % 400)])
  )
  insert.free()
}
