package com.fulcrologic.datomiccloudbackup;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes each event to several listeners, none of which can do harm to the work or to the others. A
 * proxy, so that no event can be forgotten here.
 */
record GuardedListeners(List<CloningListener> listeners) implements InvocationHandler {
  private static final Logger LOG = LoggerFactory.getLogger(CloningListener.class);

  static CloningListener of(List<CloningListener> listeners) {
    return (CloningListener)
        Proxy.newProxyInstance(
            CloningListener.class.getClassLoader(),
            new Class<?>[] {CloningListener.class},
            new GuardedListeners(List.copyOf(listeners)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method event, Object[] values) throws Throwable {
    if (event.getDeclaringClass() == Object.class) {
      return event.invoke(this, values);
    }
    for (CloningListener listener : listeners) {
      try {
        event.invoke(listener, values);
      } catch (InvocationTargetException thrown) {
        if (!(thrown.getCause() instanceof RuntimeException failure)) {
          throw thrown.getCause();
        }
        LOG.warn(
            "listener failed listener={} failure={}",
            listener.getClass().getName(),
            failure.getClass().getName());
      }
    }
    return null;
  }
}
